// Bundles src/ into dist/, one file per command: unbundled, loading the libraries takes longer than the first poll.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { inkReplacements, yogaWithoutFetch } from './ink-replacements.js';
import { leanLibraries } from './lean-libraries.js';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

fs.rmSync(dist, { recursive: true, force: true });
await build({
  plugins: [inkReplacements(root), yogaWithoutFetch(), leanLibraries(root)],
  input: { main: path.join(root, 'src/cli/main.ts') },
  platform: 'node',
  // Optional native code: ssh2 works without it.
  external: ['cpu-features', /\.node$/, 'react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  output: { dir: dist, format: 'esm', chunkFileNames: '[name].js', minify: true, comments: false },
  logLevel: 'warn',
  // A missing library must fail the build here, not the program on a node.
  onLog(level, log, handle) {
    handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
  },
});
// The recording for `rtwatch demo`, which must work from dist/ alone.
fs.cpSync(path.join(root, 'demo'), path.join(dist, 'demo'), { recursive: true });
