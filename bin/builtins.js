import { isBuiltin } from 'node:module';
import { parseAst } from 'rolldown/parseAst';

/**
 * The code without its imports of built-in modules, and what stands for them.
 *
 * @param {string} code an ES module
 * @param {(name: string) => string} load the expression that gives the module
 * @returns {{ heads: string[], rest: string }}
 */
export function takeBuiltins(code, load) {
  const heads = [];
  let rest = '';
  let from = 0;
  for (const node of parseAst(code).body) {
    if (node.type !== 'ImportDeclaration' || !isBuiltin(node.source.value)) continue;
    const names = [];
    for (const { type, imported, local } of node.specifiers) {
      if (type === 'ImportSpecifier') names.push(`${imported.name ?? JSON.stringify(imported.value)}:${local.name}`);
      else heads.push(`const ${local.name}=${load(node.source.value)};`);
    }
    if (names.length > 0) heads.push(`const{${names.join(',')}}=${load(node.source.value)};`);
    rest += code.slice(from, node.start);
    from = node.end;
  }
  return { heads, rest: rest + code.slice(from) };
}

/**
 * An import of a built-in module reads all that it exports, and what is made on demand with it: for `node:util` worker threads, for `node:crypto` web
 * crypto. 1.5 MiB in each process. The module itself is not read.
 *
 * @returns {import('rolldown').Plugin}
 */
export function builtinsOnDemand() {
  return {
    name: 'builtins-on-demand',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const { heads, rest } = takeBuiltins(chunk.code, (name) => `process.getBuiltinModule(${JSON.stringify(name)})`);
        chunk.code = heads.join('') + rest;
      }
    },
  };
}
