import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Sampler, type Source } from '../../src/collect/sampler.ts';
import type { World } from '../../src/collect/world.ts';
import { ok, type Reading } from '../../src/sample/reading.ts';
import { type Sample, type SourceName, wireVersion } from '../../src/sample/sample.ts';
import { Tree } from '../support/world.ts';
import { holdTime, pass } from './stand-in.ts';

type Collect = () => Reading<unknown> | Promise<Reading<unknown>>;

const source = (name: SourceName, collect: Collect, periodMs = 0): Source =>
  ({ name, periodMs, collect }) as unknown as Source;

interface Bench {
  readonly sampler: Sampler;
  readonly lines: Sample[];
  readonly world: World;
  /** What was written, in short: what began, and what arrived. */
  readonly printed: () => string[];
}

function open(sources: readonly Source[], intervalMs = 1000): Bench {
  holdTime();
  const lines: Sample[] = [];
  const world = new Tree().world();
  const sampler = new Sampler(sources, world, {
    intervalMs,
    now: () => 1_795_243_287_000,
    write: (sample) => lines.push(sample),
  });
  onTestFinished(() => sampler.stop());
  return { sampler, lines, world, printed: () => lines.map(inShort) };
}

function inShort({ begin, readings }: Sample): string {
  const arrived = Object.entries(readings).map(([name, reading]) => `${name} ${reading.status}`);
  return [...arrived, begin === undefined ? '' : `begin ${begin.source}${begin.path ?? ''}`].filter(Boolean).join(', ');
}

const now = (): Reading<unknown> => ok({}, 0);

describe('a poll', () => {
  test('is announced first, with what arrived before it; what arrived last goes out at once', async () => {
    const { sampler, printed } = open([source('processes', now), source('disks', now), source('mounts', now)]);
    sampler.start();
    expect(printed()).toEqual(['begin processes', 'processes ok, begin disks', 'disks ok, begin mounts']);
    await pass(0);
    expect(printed().slice(3)).toEqual(['mounts ok']);
  });

  test('whose answer is still to come holds up the others for a moment, so that they go out together', async () => {
    const { sampler, printed } = open([source('daemons', () => new Promise(() => {})), source('disks', now)]);
    sampler.start();
    await pass(14);
    expect(printed()).toHaveLength(2);
    await pass(1);
    expect(printed().slice(2)).toEqual(['disks ok']);
  });

  test('carries the version, a number that counts, both clocks and what the sampler costs', async () => {
    const { sampler, lines } = open([source('processes', now), source('disks', now)]);
    sampler.start();
    await pass(2000);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, i) => i));
    for (const line of lines) {
      expect(line).toMatchObject({
        v: wireVersion,
        at: 1_795_243_287_000,
        monoMs: expect.any(Number),
        sampler: { pid: process.pid, cpuMs: expect.any(Number), rssBytes: expect.any(Number) },
      });
    }
    expect(lines.map(({ monoMs }) => monoMs)).toEqual(lines.map(({ monoMs }) => monoMs).toSorted((a, b) => a - b));
  });

  test('shows what is skipped, and nothing of it when nothing is', async () => {
    const { sampler, lines, world } = open([source('processes', now)]);
    sampler.start();
    world.avoided.push('/proc/42');
    await pass(1000);
    expect(lines[0]?.sampler).not.toHaveProperty('avoided');
    expect(lines.at(-1)?.sampler.avoided).toEqual(['/proc/42']);
  });

  test('that waited for an answer is announced again, so that a hang after it is not that of another source', async () => {
    let bench: Bench | undefined;
    const waits = async (): Promise<Reading<unknown>> => {
      await Promise.resolve();
      bench?.world.onResume();
      return ok({}, 0);
    };
    bench = open([source('filesystems', waits), source('disks', now)]);
    bench.sampler.start();
    await pass(1);
    expect(bench.printed().slice(0, 3)).toEqual(['begin filesystems', 'begin disks', 'disks ok, begin filesystems']);
  });

  test('is said to begin before the source is called, so that one that hangs is the last line', () => {
    let bench: Bench | undefined;
    const before: string[] = [];
    const sources = [
      source('processes', now),
      source('disks', () => {
        before.push(...(bench?.printed() ?? []));
        return now();
      }),
    ];
    bench = open(sources);
    bench.sampler.start();
    expect(before).toEqual(['begin processes', 'processes ok, begin disks']);
  });

  test('that throws has failed with its reason, and the others go on', async () => {
    const { sampler, lines } = open([
      source('processes', () => {
        throw new Error('not a stat line');
      }),
      source('daemons', () => Promise.reject(new Error('it broke'))),
      source('disks', now),
    ]);
    sampler.start();
    await pass(20);
    const readings = Object.assign({}, ...lines.map((line) => line.readings));
    expect(readings).toEqual({
      processes: { status: 'failed', detail: 'not a stat line' },
      daemons: { status: 'failed', detail: 'it broke' },
      disks: { status: 'ok', tookMs: 0, value: {} },
    });
    await pass(1000);
    expect(lines.filter(({ begin }) => begin?.source === 'processes')).toHaveLength(2);
  });

  test('at a file that is not there has failed by its name, not as a socket', async () => {
    const bench = open([source('disks', () => ok(bench.world.readText(bench.world.proc('diskstats')), 0))]);
    bench.sampler.start();
    await pass(20);
    const failed = bench.lines.at(-1)?.readings.disks;
    expect(failed).toMatchObject({ status: 'failed', detail: expect.stringContaining('diskstats') });
  });
});

describe('a source that waits', () => {
  test('does not hold up the others', async () => {
    const { sampler, printed } = open([source('daemons', () => new Promise(() => {})), source('disks', now)]);
    sampler.start();
    await pass(15);
    expect(printed()).toEqual(['begin daemons', 'begin disks', 'disks ok']);
  });

  test('and never settles is reported as pending in every tick, and not asked again', async () => {
    const collect = vi.fn<Collect>(() => new Promise(() => {}));
    const { sampler, lines, printed } = open([source('containers', collect)]);
    sampler.start();
    await pass(3500);
    expect(collect).toHaveBeenCalledTimes(1);
    expect(printed()).toEqual(['begin containers', 'containers pending', 'containers pending', 'containers pending']);
    expect(lines.slice(1).map(({ readings }) => readings.containers)).toEqual(
      [1000, 2000, 3000].map((forMs) => ({ status: 'pending', forMs, detail: 'no answer yet' })),
    );
  });

  test('is asked again when it has settled', async () => {
    const answers: ((reading: Reading<unknown>) => void)[] = [];
    const { sampler, printed } = open([source('containers', () => new Promise((resolve) => answers.push(resolve)))]);
    sampler.start();
    await pass(1500);
    answers[0]?.(now());
    await pass(15);
    expect(printed().at(-1)).toBe('containers ok');
    await pass(500);
    expect(answers).toHaveLength(2);
  });

  test('gives its answer when it comes, with whatever comes at the same time', async () => {
    const answerAfter = (ms: number) => () =>
      new Promise<Reading<unknown>>((resolve) => setTimeout(() => resolve(now()), ms));
    const { sampler, printed } = open([source('daemons', answerAfter(100)), source('containers', answerAfter(110))]);
    sampler.start();
    await pass(200);
    expect(printed()).toEqual(['begin daemons', 'begin containers', 'daemons ok, containers ok']);
  });
});

describe('in time', () => {
  test('each source has its own period', async () => {
    const { sampler, lines } = open([source('disks', now), source('mounts', now, 10_000)]);
    sampler.start();
    await pass(30_500);
    const begun = (name: SourceName): number => lines.filter(({ begin }) => begin?.source === name).length;
    expect(begun('disks')).toBe(31);
    expect(begun('mounts')).toBe(4);
  });

  test('a period shorter than the interval is the interval', async () => {
    const { sampler, lines } = open([source('disks', now, 100)], 5000);
    sampler.start();
    await pass(10_500);
    expect(lines.filter(({ begin }) => begin !== undefined)).toHaveLength(3);
  });

  test('a line a second says that the sampler lives, however long the interval', async () => {
    const { sampler, printed } = open([source('disks', now)], 60_000);
    sampler.start();
    await pass(5500);
    expect(printed()).toEqual(['begin disks', 'disks ok', '', '', '', '', '']);
  });

  test('with nothing to look at there is nothing to say between the ticks', async () => {
    const { sampler, lines } = open([], 500);
    sampler.start();
    await pass(2000);
    expect(lines).toEqual([]);
  });

  test('a tick that comes late is not made up for', async () => {
    const { sampler, lines } = open([source('disks', now)]);
    sampler.start();
    vi.setSystemTime(Date.now() + 10_000);
    await pass(1100);
    expect(lines.filter(({ begin }) => begin !== undefined).length).toBeLessThanOrEqual(3);
  });
});

describe('a risky read', () => {
  test('is announced with its file, and takes along what has arrived', () => {
    const bench: Bench = open([
      source('disks', now),
      source('processes', () => {
        bench.world.readText(bench.world.proc('uptime'), true);
        return now();
      }),
    ]);
    bench.sampler.start();
    expect(bench.printed()).toEqual([
      'begin disks',
      'disks ok, begin processes',
      `begin processes${bench.world.proc('uptime')}`,
    ]);
  });

  test('of a source that had waited is announced as its own, not as the last one’s', async () => {
    const bench: Bench = open([
      source('daemons', async () => {
        await Promise.resolve();
        bench.world.readText(bench.world.proc('uptime'), true);
        return now();
      }),
      source('disks', now),
    ]);
    bench.sampler.start();
    await pass(20);
    expect(bench.lines.find(({ begin }) => begin?.path !== undefined)?.begin?.source).toBe('daemons');
  });
});

describe('after the stop', () => {
  test('nothing is read and nothing is written', async () => {
    const { sampler, lines } = open([source('disks', now)], 2000);
    sampler.start();
    sampler.stop();
    const before = lines.length;
    await pass(10_000);
    expect(lines).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an answer that comes is not written', async () => {
    const answers: ((reading: Reading<unknown>) => void)[] = [];
    const { sampler, lines } = open([source('containers', () => new Promise((resolve) => answers.push(resolve)))]);
    sampler.start();
    sampler.stop();
    const before = lines.length;
    answers[0]?.(now());
    await pass(100);
    expect(lines).toHaveLength(before);
  });
});

describe('while its output is not read', () => {
  test('nothing is read or written, and then all goes on', async () => {
    holdTime();
    const lines: Sample[] = [];
    let behind = false;
    const collect = vi.fn<Collect>(now);
    const sampler = new Sampler([source('processes', collect)], new Tree().world(), {
      intervalMs: 2000,
      now: () => 1_795_243_287_000,
      write: (sample) => lines.push(sample),
      isBehind: () => behind,
    });
    onTestFinished(() => sampler.stop());
    sampler.start();
    await pass(100);
    behind = true;
    const written = lines.length;
    await pass(60_000);
    expect(lines).toHaveLength(written);
    expect(collect).toHaveBeenCalledTimes(1);
    behind = false;
    await pass(2000);
    expect(collect).toHaveBeenCalledTimes(2);
    expect(lines.length).toBeGreaterThan(written);
  });
});
