// Makes a release: executables, packages for Debian, RPM and npm, an image, what they are made of, and sums.
// usage: npm run release [-- --out FOLDER] [--quick]
//
// Two runs on the same sources give the same files. The time in them is SOURCE_DATE_EPOCH, else that of the newest commit.
// RTWATCH_SIGNING_KEY names an SSH private key that signs SHA256SUMS. --quick packs little: for tests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { makeDeb } from './deb.ts';
import { type Made, makeExecutableOf } from './executables.ts';
import { type ImageOfMachine, imageOf, makeImage } from './image.ts';
import { makeNpmPackage } from './npm-package.ts';
import { makePacked } from './packed.ts';
import type { Release } from './release-facts.ts';
import { makeRpm } from './rpm.ts';
import { put, run, sameTar, setTimes } from './run.ts';
import { makeSbom } from './sbom.ts';
import { bundleScript } from './sea.ts';
import { readTexts, stage, type Texts } from './stage.ts';
import { type Machine, machines } from './targets.ts';

const root = path.join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { out: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const { version } = manifest;
const out = path.resolve(values.out ?? path.join(root, '.cache/release', version));
const work = `${out}.work`;
const release: Release = { version, seconds: secondsOfRelease(), out, work, preset: values.quick ? 0 : 3 };

process.umask(0o022);
for (const folder of [out, work]) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
}
const say = (what: string): void =>
  void process.stderr.write(`release: ${what}, ${Math.round(performance.now() / 1000)}s\n`);

// The texts come from the same sources as the executables; dist/ runs on every machine.
const texts = await readTexts([path.join(root, 'bin/rtwatch')]);
const script = path.join(work, 'program.cjs');
const program = { script, libraries: await bundleScript(script) };
makeSbom(program.libraries, release);
await makeNpmPackage(release);
say('bundle');
const images = await Promise.all(machines.map(partsOf));
await makeImage(images, release);
fs.rmSync(work, { recursive: true });
await writeSums();
say(out);

/** What there is for one machine. Machines and packages side by side: each packing uses one processor. */
async function partsOf(machine: Machine): Promise<ImageOfMachine> {
  const made = await makeExecutableOf(machine, program, release);
  say(made.executable);
  const own = { ...texts, licenses: made.licenses };
  const [image] = await Promise.all([
    imageOf(made, release),
    makePacked(made, release),
    makeDeb(made, own, release),
    makeRpm(made, own, release),
    makeArchive(made, own),
  ]);
  say(`the packages for ${machine.name}`);
  return image;
}

/** An archive to unpack anywhere, with the same files as the packages. */
async function makeArchive(made: Made, own: Texts): Promise<void> {
  const name = `rtwatch-${version}-linux-${made.machine.name}`;
  const folder = path.join(work, `archive-${made.machine.name}`);
  stage(path.join(folder, name), made, own, { units: 'lib/systemd/system', zsh: 'usr/share/zsh/site-functions' });
  setTimes(path.join(folder, name), release.seconds);
  const tar = path.join(work, `${name}.tar`);
  await run('tar', [...sameTar(release.seconds), '-C', folder, '-cf', tar, name]);
  await run('zstd', [
    '-q',
    '--rm',
    `-${values.quick ? 1 : 9}`,
    '--single-thread',
    tar,
    '-o',
    path.join(out, `${name}.tar.zst`),
  ]);
}

async function writeSums(): Promise<void> {
  const files = fs.readdirSync(out).toSorted();
  const sums = files.map(
    (file) =>
      `${createHash('sha256')
        .update(fs.readFileSync(path.join(out, file)))
        .digest('hex')}  ${file}\n`,
  );
  const list = path.join(out, 'SHA256SUMS');
  put(list, sums.join(''));
  const key = process.env['RTWATCH_SIGNING_KEY'];
  if (key === undefined) say('not signed: RTWATCH_SIGNING_KEY names no key');
  else await run('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', 'rtwatch', list]);
}

function secondsOfRelease(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) return Number(given);
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }));
}
