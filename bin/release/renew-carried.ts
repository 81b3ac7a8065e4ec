// Pins the newest versions of the Debian packages whose libraries the executable carries.
// usage: bin/node bin/release/renew-carried.ts        (changes carried.json; then run npm run test:release)
import fs from 'node:fs';
import path from 'node:path';
import { newest } from './debian.ts';
import { carriedPackages } from './inputs.ts';
import { machines } from './targets.ts';

const folder = path.join(import.meta.dirname, '../../.cache/release/debian');
fs.rmSync(path.join(folder, 'lists'), { recursive: true, force: true });
const renewed = carriedPackages.map((carried) => {
  const pins = machines.map(({ debian }) => ({ debian, ...newest(carried.package, debian, folder) }));
  const versions = [...new Set(pins.map(({ version }) => version))];
  if (versions.length > 1) throw new Error(`${carried.package} has two versions: ${versions.join(' and ')}`);
  const sha256 = Object.fromEntries(pins.map(({ debian, sha256: hash }) => [debian, hash]));
  return { ...carried, version: versions[0], sha256 };
});
fs.writeFileSync(path.join(import.meta.dirname, 'carried.json'), `${JSON.stringify(renewed, null, 2)}\n`);
for (const { package: name, version } of renewed) process.stderr.write(`renew-carried: ${name} ${version}\n`);
