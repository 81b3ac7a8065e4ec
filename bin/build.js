// Bundles src/ into dist/, one file per command: unbundled, loading the libraries takes longer than the first poll.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { builtinsOnDemand } from './builtins.js';
import { bundling } from './bundle.js';
import { bundleLicenses, librariesOf } from './licenses.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

fs.rmSync(dist, { recursive: true, force: true });
const built = await build({
  ...bundling,
  plugins: [bundling.plugins, builtinsOnDemand()],
  output: { dir: dist, format: 'esm', chunkFileNames: '[name].js', minify: true, comments: false },
});
// The recording for `rtwatch demo`, which must work from dist/ alone.
fs.cpSync(path.join(root, 'demo'), path.join(dist, 'demo'), { recursive: true });
// What a process that runs for hours loads (src/cli/process/start-pages.ts).
for (const arch of ['x64', 'arm64']) {
  const addon = `unmap-${arch}.node`;
  fs.cpSync(path.join(root, 'bin/pages', addon), path.join(dist, addon));
}
// What `rtwatch licenses` prints.
fs.writeFileSync(path.join(dist, 'licenses.txt'), bundleLicenses(librariesOf(built)));
