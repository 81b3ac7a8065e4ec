// Bundles src/ into dist/, one file per command: unbundled, loading the libraries takes longer than the first look.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

fs.rmSync(dist, { recursive: true, force: true });
await build({
  input: { main: path.join(root, 'src/cli/main.ts') },
  platform: 'node',
  // Optional, and native: ssh2 does without it.
  external: ['cpu-features', /\.node$/, 'react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  output: { dir: dist, format: 'esm', chunkFileNames: '[name].js', minify: false, comments: false },
  logLevel: 'warn',
  // A library that is not installed fails the build here, rather than the program on a node.
  onLog(level, log, handle) {
    handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
  },
});
// What `rtwatch demo` plays: it is to work from what is shipped alone.
fs.cpSync(path.join(root, 'demo'), path.join(dist, 'demo'), { recursive: true });
