// Modules of Ink that work on the whole frame every time; in the bundle ours, which remember lines, stand in for them.
import path from 'node:path';

const replacements = new Map([
  ['./output.js', 'output.ts'],
  ['./squash-text-nodes.js', 'squash-text-nodes.ts'],
  ['./measure-text.js', 'measure-text.ts'],
  ['./line-update.js', 'line-update.ts'],
  ['widest-line', 'widest-line.ts'],
  ['es-toolkit/compat', 'throttle.ts'],
]);

/** The plugin for rolldown. The build fails when Ink no longer imports one of the modules. */
export function inkReplacements(root) {
  const ink = path.join('node_modules', 'ink', 'build');
  const missing = new Set(replacements.keys());
  return {
    name: 'ink-replacements',
    resolveId(source, importer) {
      const ours = replacements.get(source);
      if (ours === undefined || importer === undefined || !path.dirname(importer).endsWith(ink)) return null;
      missing.delete(source);
      return path.join(root, 'src/app/ink', ours);
    },
    buildEnd() {
      if (missing.size > 0)
        throw new Error(`Ink does not import ${[...missing].join(', ')}: see bin/ink-replacements.js`);
    },
  };
}

/**
 * yoga-layout, Ink's layout, is WebAssembly: megabytes of the process and of the runtime's file to place one text in one box. The bundle has
 * `src/app/ink/layout-node.ts` in its place, beside yoga's constants.
 */
export function layoutWithoutYoga(root) {
  const file = path.join(root, 'src/app/ink/yoga-layout.virtual.js');
  const constants = path.join(root, 'node_modules/yoga-layout/dist/src/generated/YGEnums.js');
  const node = path.join(root, 'src/app/ink/layout-node.ts');
  let found = false;
  return {
    name: 'layout-without-yoga',
    resolveId(source) {
      if (source !== 'yoga-layout') return null;
      found = true;
      return file;
    },
    load(id) {
      if (id !== file) return null;
      return `
import constants from ${JSON.stringify(constants)};
import { LayoutNode } from ${JSON.stringify(node)};
export default { ...constants, Node: LayoutNode };
`;
    },
    buildEnd() {
      if (!found) throw new Error('Ink no longer imports yoga-layout: see bin/ink-replacements.js');
    },
  };
}
