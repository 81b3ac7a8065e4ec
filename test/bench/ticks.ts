import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Status } from '../../src/sample/reading.ts';
import { type Sample, type SourceName, sourceNames } from '../../src/sample/sample.ts';
import type { Scratch } from './scratch.ts';
import { median } from './statistics.ts';

/** What one look at a source took. */
export interface SourceTicks {
  readonly source: SourceName;
  /** Of the newest reading. */
  readonly status: Status;
  /** How often it was looked at with success. */
  readonly looks: number;
  /** The first look, in a program that is not warm; null when it never had success. */
  readonly firstMs: number | null;
  /** Of the looks after the first; null when there was none. */
  readonly medianMs: number | null;
  readonly maxMs: number | null;
}

export interface Ticks {
  readonly sources: readonly SourceTicks[];
  /** CPU time of the whole sampler from one tick to the next: all sources, writing, and what the runtime does beside. */
  readonly cpuMsPerTick: number;
  /** How many processes it saw. */
  readonly processes: number;
}

/**
 * Runs `rtwatch sample` for some seconds and takes what it says of its own looks.
 *
 * @throws when it ends, or never sees the processes
 */
export async function measureTicks(scratch: Scratch, launcher: string, seconds: number): Promise<Ticks> {
  const samples = await recordSamples(scratch, launcher, seconds);
  const processes = samples.findLast(({ readings }) => readings.processes?.status === 'ok')?.readings.processes;
  if (processes?.status !== 'ok') throw new Error('rtwatch sample never told the processes');
  return {
    sources: sourceNames.flatMap((source) => ticksOf(source, samples)),
    cpuMsPerTick: cpuMsPerTick(samples),
    processes: processes.value.total,
  };
}

async function recordSamples(scratch: Scratch, launcher: string, seconds: number): Promise<Sample[]> {
  const child = spawn(launcher, ['sample', '--interval', '1s'], {
    cwd: scratch.path,
    env: scratch.env(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  const samples: Sample[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => samples.push(JSON.parse(line) as Sample));
  const lives = await Promise.race([closed.then(() => false), sleep(seconds * 1000, true)]);
  if (!lives) throw new Error(`rtwatch sample ended: ${complaint.trim()}`);
  // When this process is gone, the pipe ends, and the sampler with it.
  child.kill('SIGTERM');
  await closed;
  return samples;
}

function ticksOf(source: SourceName, samples: readonly Sample[]): SourceTicks[] {
  const readings = samples.map(({ readings }) => readings[source]).filter((reading) => reading !== undefined);
  const newest = readings.at(-1);
  if (newest === undefined) return [];
  const [firstMs, ...later] = readings.flatMap((reading) => (reading.status === 'ok' ? [reading.tookMs] : []));
  return [
    {
      source,
      status: newest.status,
      looks: later.length + (firstMs === undefined ? 0 : 1),
      firstMs: firstMs ?? null,
      medianMs: later.length === 0 ? null : median(later),
      maxMs: later.length === 0 ? null : Math.max(...later),
    },
  ];
}

/** Between the third tick and the last, to leave out the program's start. */
function cpuMsPerTick(samples: readonly Sample[]): number {
  const ticks = samples.filter(({ readings }) => readings.processes !== undefined).slice(2);
  const [first, last] = [ticks.at(0), ticks.at(-1)];
  if (first === undefined || last === undefined || ticks.length < 2)
    throw new Error('rtwatch sample ticked too seldom');
  return (last.sampler.cpuMs - first.sampler.cpuMs) / (ticks.length - 1);
}
