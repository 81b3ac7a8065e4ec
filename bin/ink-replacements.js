// Modules of Ink that work on the whole frame every time; in the bundle ours, which remember lines, stand in for them.
import path from 'node:path';

const replacements = new Map([
  ['./output.js', 'output.ts'],
  ['./squash-text-nodes.js', 'squash-text-nodes.ts'],
  ['./measure-text.js', 'measure-text.ts'],
  ['./line-update.js', 'line-update.ts'],
  ['widest-line', 'widest-line.ts'],
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
 * yoga-layout, Ink's layout, hands its own WebAssembly, a `data:` URL, to `fetch` where there is one. In Node.js that loads undici whole,
 * for bytes that the module decodes itself where there is none.
 */
export function yogaWithoutFetch() {
  const asks = /"function"!=typeof fetch/g;
  let found = 0;
  return {
    name: 'yoga-without-fetch',
    transform(code, id) {
      if (!id.includes(path.join('node_modules', 'yoga-layout', 'dist', 'binaries'))) return null;
      found += code.match(asks)?.length ?? 0;
      return { code: code.replaceAll(asks, '!0'), map: null };
    },
    buildEnd() {
      if (found === 0) throw new Error('yoga-layout no longer asks for fetch: see bin/ink-replacements.js');
    },
  };
}
