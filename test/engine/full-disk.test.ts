import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, StandIn } from '../collect/stand-in.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { type Ended, run, succeed } from './run.ts';
import { Scratch } from './scratch.ts';

const goroutines = 'goroutine 1 [running]:\nmain.main()\n\t/a.go:1\n\n'.repeat(30_000);
const roomKibibytes = 256;

let scratch: Scratch;
let full: string;

/** A filesystem that is too small for anything. It needs no engine: the daemon is one that only has goroutines. */
beforeAll(async () => {
  scratch = new Scratch();
  full = scratch.of('full');
  fs.mkdirSync(full);
  await succeed('mount', ['-t', 'tmpfs', '-o', `size=${roomKibibytes}k`, 'tmpfs', full]);
});

afterAll(() => scratch?.close());

const rtwatch = (...args: string[]): Promise<Ended> =>
  run(launcher, args, { cwd: scratch.path, env: cleanEnv(scratch) });

test('a dump onto a full disk ends with 74, says so, and leaves the room that it took', async () => {
  const daemon = await StandIn.listen({ '/debug/pprof/goroutine': answer(goroutines) });
  const { status, stderr } = await rtwatch('dump', 'dockerd', '--docker-host', daemon.url, '--dump-dir', full);
  expect({ status, stderr }).toEqual({
    status: 74,
    stderr: expect.stringContaining(`${full} cannot be written to: no space left`),
  });
  expect(fs.readdirSync(full)).toEqual([]);
});

test('a recording and a bundle onto a full disk end with 74 and say so', async () => {
  fillUp(`${full}/filler`);
  const recorded = await rtwatch('record', `${full}/node.zst`, '--for', '8s', '--docker-host', 'unix:///none.sock');
  expect({ status: recorded.status, stderr: recorded.stderr }).toEqual({
    status: 74,
    stderr: expect.stringContaining('no space left'),
  });
  const bundle = await rtwatch('bundle', '--dump-dir', full, '--docker-host', 'unix:///none.sock');
  expect({ status: bundle.status, stderr: bundle.stderr }).toEqual({
    status: 74,
    stderr: expect.stringContaining('no space left'),
  });
});

/** Writes until nothing more fits. */
function fillUp(file: string): void {
  const fd = fs.openSync(file, 'a');
  try {
    for (let piece = 0; piece <= roomKibibytes; piece++) fs.writeSync(fd, Buffer.alloc(1024));
    throw new Error(`${file} holds more than ${roomKibibytes} KiB`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    fs.closeSync(fd);
  }
}
