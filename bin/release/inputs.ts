import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import lock from '../../package-lock.json' with { type: 'json' };
import carried from './carried.json' with { type: 'json' };
import { download } from './debian.ts';
import { deadlineMs } from './run.ts';
import type { Machine, Target } from './targets.ts';

const root = path.join(import.meta.dirname, '../..');
const cache = path.join(root, '.cache/release');

/** A Debian package whose libraries are carried. */
export interface Carried {
  readonly package: string;
  readonly version: string;
  /** Of its .deb, by Debian's name of the machine. */
  readonly sha256: Readonly<Record<Machine['debian'], string>>;
  /** The identifier of its license in SPDX. */
  readonly license: string;
  /** Only the texts of licenses are taken of it. */
  readonly only?: string;
}

export const carriedPackages: readonly Carried[] = carried;

/** Those whose libraries are in the executable. */
export const carriedLibraries = carriedPackages.filter(({ only }) => only === undefined);

/** Brings what the executable of a machine is made of into the checkout's `.cache`, checked against the pins. */
export function inputsOf(machine: Machine): Target {
  const node = nodeOf(machine);
  const libraries = librariesOf(machine);
  const isOwn = process.arch === machine.name;
  const run = isOwn ? [node] : [machine.emulator, '-L', libraries, node];
  return { ...machine, node, root: libraries, run };
}

/** The Node.js of the package that is pinned in the lock file; npm installs only that of this machine. */
function nodeOf({ name }: Machine): string {
  const module = `node_modules/node-linux-${name}`;
  const installed = path.join(root, module, 'bin/node');
  if (fs.existsSync(installed)) return installed;
  const { version, integrity } = lock.packages[`node_modules/node-linux-${name}`];
  const folder = path.join(cache, `node-linux-${name}-${version}`);
  const node = path.join(folder, 'package/bin/node');
  if (fs.existsSync(node)) return node;
  fs.mkdirSync(folder, { recursive: true });
  const spec = `node-linux-${name}@${version}`;
  const quiet = ['--loglevel=error', '--ignore-scripts'];
  execFileSync('npm', ['pack', spec, ...quiet, `--pack-destination=${folder}`], {
    stdio: ['ignore', 'ignore', 2],
    timeout: deadlineMs,
  });
  const tarball = path.join(folder, `node-linux-${name}-${version}.tgz`);
  const found = `sha512-${createHash('sha512').update(fs.readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${spec} is not the package of package-lock.json: ${found}`);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  fs.rmSync(tarball);
  return node;
}

function librariesOf({ debian }: Machine): string {
  const pins = carriedPackages.map(({ package: name, version, sha256 }) => ({ name, version, sha256: sha256[debian] }));
  const key = createHash('sha256').update(JSON.stringify(pins)).digest('hex').slice(0, 12);
  const folder = path.join(cache, `libraries-${debian}-${key}`);
  if (fs.existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  for (const file of download(pins, debian, path.join(cache, 'debian'))) {
    execFileSync('dpkg-deb', ['-x', file, partial]);
  }
  fs.renameSync(partial, folder);
  return folder;
}
