// What dist/ and the single-file executable are both bundled with.
import path from 'node:path';
import { inkReplacements, yogaWithoutFetch } from './ink-replacements.js';
import { leanLibraries } from './lean-libraries.js';

const root = path.join(import.meta.dirname, '..');

/** @type {import('rolldown').BuildOptions} */
export const bundling = {
  plugins: [inkReplacements(root), yogaWithoutFetch(), leanLibraries(root), withoutDevtools()],
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

/** ink imports react-devtools-core only for its debugger. The executable has no file that it could be imported from. */
function withoutDevtools() {
  return {
    name: 'without-devtools',
    resolveId: (id) => (id === 'react-devtools-core' ? `\0${id}` : null),
    load: (id) => (id === '\0react-devtools-core' ? 'export default {};' : null),
  };
}
