import fs from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { Release } from './release-facts.ts';
import { put, run, sameTar, setTimes } from './run.ts';

const root = path.join(import.meta.dirname, '../..');

/** The package for npm: the bundle needs no dependency but the runtime. `npm publish FILE` publishes it. */
export async function makeNpmPackage(release: Release): Promise<string> {
  const folder = path.join(release.work, 'npm');
  const own = path.join(folder, 'package');
  for (const name of ['bin/rtwatch', 'bin/node', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    const from = path.join(root, name);
    put(path.join(own, name), fs.readFileSync(from), fs.statSync(from).mode & 0o100 ? 0o755 : 0o644);
  }
  fs.cpSync(path.join(root, 'dist'), path.join(own, 'dist'), { recursive: true });
  put(path.join(own, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`);
  setTimes(own, release.seconds);
  const plain = path.join(folder, 'package.tar');
  await run('tar', [...sameTar(release.seconds), '-C', folder, '-cf', plain, 'package']);
  await run('gzip', ['-9n', '-f', plain]);
  const file = path.join(release.out, `rtwatch-${release.version}.tgz`);
  fs.copyFileSync(`${plain}.gz`, file);
  return file;
}

function published(): object {
  const { name, version, description, license, type, bin, engines, optionalDependencies } = manifest;
  const keywords = ['docker', 'containerd', 'kubernetes', 'cri-o', 'diagnosis', 'terminal', 'sre'];
  const facts = { name, version, description, license, type, bin, engines, optionalDependencies };
  return { ...facts, os: ['linux'], cpu: ['x64', 'arm64'], files: ['bin', 'dist', 'CHANGELOG.md'], keywords };
}
