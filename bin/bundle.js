// What dist/ and the single-file executable are both bundled with.
import path from 'node:path';
import { inkReplacements, layoutWithoutYoga } from './ink-replacements.js';
import { leanLibraries } from './lean-libraries.js';

const root = path.join(import.meta.dirname, '..');

/** @type {import('rolldown').BuildOptions} */
export const bundling = {
  plugins: [inkReplacements(root), layoutWithoutYoga(root), leanLibraries(root), withoutDevtools(), inOneByte()],
  input: { main: path.join(root, 'src/cli/main.ts') },
  platform: 'node',
  // Optional native code: ssh2 works without it.
  external: ['cpu-features', /\.node$/],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  logLevel: 'warn',
  // A missing library must fail the build here, not the program on a node.
  onLog(level, log, handle) {
    handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
  },
};

/**
 * The runtime keeps the text of a program in memory, with two bytes for each character as soon as one does not fit into one byte (`│`). Escaped, all do:
 * a megabyte less in the screen.
 */
function inOneByte() {
  return {
    name: 'in-one-byte',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        // An escape would mean something else in these two.
        if (/String\.raw`[^`]*[^\0-\xff]|(?<!\\)(?:\\\\)*\\[^\0-\xff]/.test(chunk.code))
          throw new Error(`${chunk.fileName}: a character behind a backslash, or in String.raw, cannot be escaped`);
        chunk.code = chunk.code.replace(
          /[^\0-\xff]/g,
          (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
    },
  };
}

/** ink imports react-devtools-core only for its debugger. The executable has no file that it could be imported from. */
function withoutDevtools() {
  return {
    name: 'without-devtools',
    resolveId: (id) => (id === 'react-devtools-core' ? `\0${id}` : null),
    load: (id) => (id === '\0react-devtools-core' ? 'export default {};' : null),
  };
}
