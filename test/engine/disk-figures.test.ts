import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePressure } from '../../src/parse/proc/pressure.ts';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { run, succeed, toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

/** Seconds between the two polls of the report. */
const windowSeconds = 8;
/** iostat tells each second, the kernel is read four times in one: some window of them is the report's to that much. */
const tolerance = 0.15;

/** The part of `check --json` that is asked for here. */
interface DisksReport {
  readonly disks: readonly Record<string, number | string | null>[];
  readonly pressure: { readonly someNow: number | null; readonly writtenBytesPerSec: number | null };
}

interface IostatReport {
  readonly sysstat: { readonly hosts: readonly [{ readonly statistics: readonly { readonly disk: IostatDisk[] }[] }] };
}

type IostatDisk = Record<string, number> & { readonly disk_device: string };

/** Name of iostat, name of the report, how many of its units are one of iostat's, and what a mean over seconds is weighted with. */
const figures = [
  ['w/s', 'writesPerSec', 1, null],
  ['f/s', 'flushesPerSec', 1, null],
  ['wkB/s', 'writeBytesPerSec', 1024, null],
  ['w_await', 'wAwaitMs', 1, 'w/s'],
  ['f_await', 'fAwaitMs', 1, 'f/s'],
  ['aqu-sz', 'queue', 1, null],
  ['util', 'utilPercent', 1, null],
] as const;

/** The time that tasks waited for I/O, since boot, at a moment. */
interface Stall {
  readonly atMs: number;
  readonly micros: number;
}

/** A report, and what iostat and the kernel said while it was made. */
interface Watched {
  readonly report: DisksReport;
  /** Of each second. */
  readonly iostat: readonly IostatDisk[];
  readonly stalls: readonly Stall[];
}

/** What all windows that are as long as the report's say. */
interface Range {
  readonly least: number;
  readonly most: number;
}

let scratch: Scratch;
let device: string;
let mountPath: string;
let watched: Watched;

beforeAll(async () => {
  scratch = new Scratch();
  const volume = await FrozenVolume.make(scratch);
  mountPath = volume.path;
  device = path.basename(await succeed('findmnt', ['--noheadings', '--output', 'SOURCE', volume.path]));
  const writers = [1, 2].map((n) => startWriter(volume.path, n));
  try {
    await waitFor('the first writes', () => fs.existsSync(path.join(volume.path, 'wal.2')));
    watched = await watchReport();
  } finally {
    for (const { pid } of writers) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }
});

afterAll(() => scratch?.close());

/** However late the polls of the report come on a busy machine, both others watch from before the first to after the second. */
async function watchReport(): Promise<Watched> {
  const stalls: Stall[] = [];
  const readStall = (): void => void stalls.push({ atMs: performance.now(), micros: stallMicros() });
  const timer = setInterval(readStall, 250);
  const iostat = spawn('iostat', ['-x', '-y', '-o', 'JSON', '1'], {
    env: { ...toolEnv(), LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const said = text(iostat.stdout);
    readStall();
    const args = ['check', '--json', `--interval=${windowSeconds}s`, '--docker-host=unix:///nowhere.sock'];
    const { stdout } = await run(launcher, args, { cwd: scratch.path, env: cleanEnv(scratch) });
    readStall();
    // It ends its JSON.
    iostat.kill('SIGINT');
    const { statistics } = (JSON.parse(await said) as IostatReport).sysstat.hosts[0];
    return {
      report: JSON.parse(stdout) as DisksReport,
      iostat: statistics.flatMap(({ disk }) => disk.filter((one) => one.disk_device === device)),
      stalls,
    };
  } finally {
    clearInterval(timer);
    iostat.kill('SIGKILL');
  }
}

/** Small writes, each made to reach the device before the next. */
function startWriter(folder: string, n: number): ChildProcess {
  const loop = `while dd if=/dev/zero of='${folder}/wal.${n}' bs=64k count=4 conv=fsync 2>/dev/null; do :; done`;
  return spawn('timeout', ['300', 'sh', '-c', loop], { cwd: '/', detached: true, env: toolEnv(), stdio: 'ignore' });
}

/** Microseconds in which some task waited for I/O, since boot. */
function stallMicros(): number {
  return parsePressure(fs.readFileSync('/proc/pressure/io', 'utf8')).some.totalMicros;
}

function iostatRange(name: string, weight: string | null): Range {
  const { iostat } = watched;
  const starts = iostat.slice(0, Math.max(1, iostat.length - windowSeconds + 1)).keys();
  const means = [...starts].map((start) => {
    const seconds = iostat.slice(start, start + windowSeconds);
    const weights = seconds.map((one) => (weight === null ? 1 : (one[weight] ?? 0)));
    return sum(seconds.map((one, index) => (one[name] ?? Number.NaN) * (weights[index] ?? 0))) / sum(weights);
  });
  return { least: Math.min(...means), most: Math.max(...means) };
}

/** Percent of the time in which some task waited for I/O. */
function stallRange(): Range {
  const { stalls } = watched;
  const percents = stalls.flatMap((from) => {
    const to = stalls.find(({ atMs }) => atMs >= from.atMs + windowSeconds * 1000);
    return to === undefined ? [] : ((to.micros - from.micros) / 1000 / (to.atMs - from.atMs)) * 100;
  });
  return { least: Math.min(...percents), most: Math.max(...percents) };
}

function expectWithin(figure: number | string | null | undefined, { least, most }: Range, slack: number): void {
  expect(most, 'the load did nothing').toBeGreaterThan(0);
  expect(figure).toBeGreaterThanOrEqual(least * (1 - tolerance) - slack);
  expect(figure).toBeLessThanOrEqual(most * (1 + tolerance) + slack);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('of a device that is written to all the time', () => {
  test.each(figures)('%s of iostat is what rtwatch says', (theirs, ours, unit, weight) => {
    const reported = watched.report.disks.find(({ name }) => name === device);
    const { least, most } = iostatRange(theirs, weight);
    // iostat prints two decimals.
    expectWithin(reported?.[ours], { least: least * unit, most: most * unit }, 0.01 * unit);
  });

  test('its mount is reported', () => {
    expect(watched.report.disks.find(({ name }) => name === device)).toMatchObject({
      mounts: [expect.objectContaining({ path: mountPath, type: 'ext4' })],
    });
  });
});

test('the pressure is the growth of the kernel’s own total', () => {
  expectWithin(watched.report.pressure.someNow, stallRange(), 1);
});
