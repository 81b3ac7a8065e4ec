import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePressure } from '../../src/parse/proc/pressure.ts';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { run, succeed, toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

/** How long both look, in seconds. */
const windowSeconds = 8;
/** The two do not begin at the same moment, and a second begins the load anew a hundred times. */
const tolerance = 0.3;

/** The part of `check --json` that is asked for here. */
interface DisksReport {
  readonly disks: readonly Record<string, number | string | null>[];
  readonly pressure: { readonly someNow: number | null; readonly writtenBytesPerSec: number | null };
}

interface IostatReport {
  readonly sysstat: {
    readonly hosts: readonly [{ readonly statistics: readonly [{ readonly disk: readonly IostatDisk[] }] }];
  };
}

type IostatDisk = Record<string, number> & { readonly disk_device: string };

/** Name of iostat, name of the report, and how many of its units are one of iostat's. */
const figures = [
  ['w/s', 'writesPerSec', 1],
  ['f/s', 'flushesPerSec', 1],
  ['wkB/s', 'writeBytesPerSec', 1024],
  ['w_await', 'wAwaitMs', 1],
  ['f_await', 'fAwaitMs', 1],
  ['aqu-sz', 'queue', 1],
  ['util', 'utilPercent', 1],
] as const;

interface Looked {
  readonly report: DisksReport;
  readonly iostat: readonly IostatDisk[];
  readonly someStall: number;
}

let scratch: Scratch;
let device: string;
let mountPath: string;
let looked: Looked;

/** What else the machine does can come between the two: they look up to five times, until they agree. */
beforeAll(async () => {
  scratch = new Scratch();
  const volume = await FrozenVolume.make(scratch);
  mountPath = volume.path;
  device = path.basename(await succeed('findmnt', ['--noheadings', '--output', 'SOURCE', volume.path]));
  const writers = [1, 2].map((n) => startWriter(volume.path, n));
  try {
    await waitFor('the first writes', () => fs.existsSync(path.join(volume.path, 'wal.2')));
    for (let time = 0; time < 5; time++) {
      looked = await lookTogether();
      if (isPressureSame(looked) && figures.every(([theirs, ours, unit]) => compare(theirs, ours, unit).isSame)) break;
    }
  } finally {
    for (const { pid } of writers) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }
});

async function lookTogether(): Promise<Looked> {
  const before = stallMicros();
  const [checked, said] = await Promise.all([
    run(launcher, ['check', '--json', `--interval=${windowSeconds}s`, '--docker-host=unix:///nowhere.sock'], {
      cwd: scratch.path,
      env: cleanEnv(scratch),
    }),
    succeed('iostat', ['-x', '-y', '-o', 'JSON', String(windowSeconds), '1']),
  ]);
  return {
    report: JSON.parse(checked.stdout) as DisksReport,
    iostat: (JSON.parse(said) as IostatReport).sysstat.hosts[0].statistics[0].disk,
    someStall: stallMicros() - before,
  };
}

function compare(theirs: string, ours: string, unit: number): { expected: number; figure: number; isSame: boolean } {
  const reported = looked.report.disks.find(({ name }) => name === device);
  const expected = (looked.iostat.find((disk) => disk.disk_device === device)?.[theirs] ?? Number.NaN) * unit;
  const figure = Number(reported?.[ours]);
  // iostat prints two decimals.
  return { expected, figure, isSame: Math.abs(figure - expected) < expected * tolerance + 0.01 * unit };
}

/** Percent of the time in which some task waited for I/O. */
const ofKernel = ({ someStall }: Looked): number => someStall / 10_000 / windowSeconds;

function isPressureSame(looked: Looked): boolean {
  const expected = ofKernel(looked);
  return Math.abs((looked.report.pressure.someNow ?? Number.NaN) - expected) < expected * tolerance + 3;
}

afterAll(() => scratch?.close());

/** Small writes, each made to reach the device before the next. */
function startWriter(folder: string, n: number): ChildProcess {
  const loop = `while dd if=/dev/zero of='${folder}/wal.${n}' bs=64k count=4 conv=fsync 2>/dev/null; do :; done`;
  return spawn('timeout', ['300', 'sh', '-c', loop], { cwd: '/', detached: true, env: toolEnv(), stdio: 'ignore' });
}

/** Microseconds in which some task waited for I/O, since boot. */
function stallMicros(): number {
  return parsePressure(fs.readFileSync('/proc/pressure/io', 'utf8')).some.totalMicros;
}

describe('of a device that is written to all the time', () => {
  test.each(figures)('%s of iostat is what rtwatch tells', (theirs, ours, unit) => {
    const { expected, figure, isSame } = compare(theirs, ours, unit);
    expect(expected, 'the load did nothing').toBeGreaterThan(0);
    expect(isSame, `${figure}, iostat ${expected}`).toBe(true);
  });

  test('its mount is reported', () => {
    expect(looked.report.disks.find(({ name }) => name === device)).toMatchObject({
      mounts: [expect.objectContaining({ path: mountPath, type: 'ext4' })],
    });
  });
});

test('the pressure is the growth of the kernel’s own total', () => {
  expect(ofKernel(looked)).toBeGreaterThan(0);
  expect(isPressureSame(looked), `${looked.report.pressure.someNow}, kernel ${ofKernel(looked)}`).toBe(true);
});
