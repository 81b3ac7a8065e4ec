import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, type OnTestFinishedHandler, test } from 'vitest';
import { openRecording } from '../../src/wire/recording/reader.ts';
import { waitFor } from '../support/wait-for.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { run, succeed } from './run.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let made = 0;

beforeAll(() => {
  scratch = new Scratch();
});

afterAll(() => scratch?.close());

/** A folder of its own for each try. */
function folder(): string {
  const path = scratch.of(`place-${made++}`);
  fs.mkdirSync(path);
  return path;
}

interface Recorder {
  readonly child: ChildProcess;
  /** Waits for its end: how it ended, with what it said. */
  readonly end: () => Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** Side by side: they mostly wait. */
type Finish = (undo: OnTestFinishedHandler) => void;

function record(onTestFinished: Finish, file: string, ...args: string[]): Recorder {
  const child = spawn(launcher, ['record', file, '--docker-host', 'unix:///none.sock', ...args], {
    cwd: scratch.path,
    env: cleanEnv(scratch),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let isOver = false;
  child.once('close', () => {
    isOver = true;
  });
  const end = () =>
    waitFor(`the end of the recording to ${file}`, () => isOver && { status: child.exitCode, stderr }, {
      detail: () => stderr,
    });
  return { child, end };
}

/** The Samples that a recording holds, and what of it cannot be read. */
async function read(file: string): Promise<{ readonly samples: number; readonly damage: string | null }> {
  const recording = await openRecording(file);
  try {
    let samples = 0;
    for await (const _ of recording.samplesFrom(recording.from)) samples++;
    return { samples, damage: recording.damage().first };
  } finally {
    await recording.close();
  }
}

const untilItHas = (file: string, count: number): Promise<number> =>
  waitFor(`${count} samples in ${file}`, async () => {
    const { samples } = await read(file);
    return samples >= count && samples;
  });

test.concurrent('a recording whose folder is removed ends with 74 and says so', async ({ onTestFinished }) => {
  const place = folder();
  const { end } = record(onTestFinished, `${place}/node.zst`);
  await untilItHas(`${place}/node.zst`, 3);
  fs.rmSync(place, { recursive: true });
  expect(await end()).toEqual({
    status: 74,
    stderr: expect.stringContaining('node.zst: the file or its directory was removed'),
  });
});

test.concurrent('a recording on a filesystem that becomes read-only ends with 74, says so, and is readable', async ({
  onTestFinished,
}) => {
  const place = folder();
  const file = `${place}/node.zst`;
  const { end } = record(onTestFinished, file, '--max-age', '12s');
  await untilItHas(file, 2);
  // A mount above the folder: one on which a file is open for writing cannot be made read-only. The next part fails.
  await succeed('mount', ['--bind', place, place]);
  onTestFinished(() => run('umount', [place]).then(() => {}));
  await succeed('mount', ['-o', 'remount,bind,ro', place]);
  expect(await end()).toEqual({
    status: 74,
    stderr: expect.stringContaining(`the filesystem of ${place} is read-only. Use another directory`),
  });
  expect(await read(file)).toEqual({ samples: expect.any(Number), damage: null });
});

/** ext4 and xfs have quotas only where the kernel was built with them; btrfs always has. */
const hasQuotas = fs.readFileSync('/proc/filesystems', 'utf8').includes('\tbtrfs\n');

(hasQuotas ? test.concurrent : test.concurrent.skip)(
  'a recording that reaches a quota ends with 74, says so, and is readable',
  async ({ onTestFinished }) => {
    const place = folder();
    const image = scratch.of(`quota-${made}.img`);
    fs.writeFileSync(image, '');
    fs.truncateSync(image, 256 * 2 ** 20);
    await succeed('mkfs.btrfs', ['-q', image]);
    await succeed('mount', ['-o', 'loop', image, place]);
    onTestFinished(() => run('umount', ['--lazy', place]).then(() => {}));
    const limited = `${place}/limited`;
    await succeed('btrfs', ['quota', 'enable', place]);
    await succeed('btrfs', ['subvolume', 'create', limited]);
    const file = `${limited}/node.zst`;
    const { end } = record(onTestFinished, file, '--max-age', '12s');
    await untilItHas(file, 2);
    await succeed('btrfs', ['qgroup', 'limit', '1M', limited]);
    expect((await run('dd', ['if=/dev/urandom', `of=${limited}/filler`, 'bs=4k', 'count=1024'])).stderr).toContain(
      'quota',
    );
    expect(await end()).toEqual({ status: 74, stderr: expect.stringMatching(/quota/) });
    expect(await read(file)).toEqual({ samples: expect.any(Number), damage: null });
  },
);

test.concurrent('after a power loss a recording is readable up to what the kernel had written back, without damage', async ({
  onTestFinished,
}) => {
  const place = folder();
  const image = scratch.of(`disk-${made}.img`);
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 64 * 2 ** 20);
  await succeed('mkfs.ext4', ['-q', '-F', image]);
  await succeed('mount', ['-o', 'loop', image, place]);
  onTestFinished(() => run('umount', ['--lazy', place]).then(() => {}));
  const { child, end } = record(onTestFinished, `${place}/node.zst`);
  const before = await untilItHas(`${place}/node.zst`, 4);
  // What the kernel does by itself after half a minute; rtwatch never does.
  await succeed('sync', ['--file-system', place]);
  await untilItHas(`${place}/node.zst`, before + 6);

  // The image as it is now is what a disk holds when the power goes: the page cache above it is not in it.
  const copy = `${image}.copy`;
  fs.copyFileSync(image, copy);
  child.kill('SIGKILL');
  await end();
  const after = folder();
  await succeed('mount', ['-o', 'loop', copy, after]);
  onTestFinished(() => run('umount', [after]).then(() => {}));
  const { samples, damage } = await read(`${after}/node.zst`);
  expect(damage).toBeNull();
  expect(samples).toBeGreaterThanOrEqual(before);
  expect(fs.statSync(`${after}/node.zst`).mode & 0o777).toBe(0o600);
  const check = await run(launcher, ['check', '--from', `${after}/node.zst`], { cwd: '/', env: cleanEnv(scratch) });
  expect(check.stderr).toBe('');
  expect([0, 1, 2, 3]).toContain(check.status);
});
