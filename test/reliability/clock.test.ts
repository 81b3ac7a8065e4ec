import { describe, expect, test } from 'vitest';
import { emptyHistory, reduce } from '../../src/model/history.ts';
import { derive } from '../../src/model/model.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

type Scene = scenes.Scene;
type Warp = (sample: Sample, index: number, scene: Scene) => Sample;

const hourMs = 3_600_000;

const all = Object.entries(scenes as Readonly<Record<string, unknown>>).filter(
  (entry): entry is [string, Scene] => Array.isArray(entry[1]) && entry[1].length > 1,
);

const isLate = (index: number, { length }: Scene): boolean => index >= Math.ceil(length / 2);

/** What clocks do on real nodes, from the middle of a scene on. */
const warps: Readonly<Record<string, Warp>> = {
  'the wall clock is set back an hour': late((sample) => ({ ...sample, at: sample.at - hourMs })),
  'the wall clock is set ahead a day': late((sample) => ({ ...sample, at: sample.at + 24 * hourMs })),
  'the wall clock goes back to 1970': late((sample) => ({ ...sample, at: sample.at - make.noon })),
  'the machine slept: only the wall clock went on': late((sample) => ({ ...sample, at: sample.at + 8 * hourMs })),
  'the sampler stood still: both clocks went on': late((sample) => ({
    ...sample,
    at: sample.at + 8 * hourMs,
    monoMs: sample.monoMs + 8 * hourMs,
  })),
  'the monotonic clock began anew': late((sample) => ({ ...sample, monoMs: sample.monoMs % 1000 })),
  'no time passes between two looks': (sample, _, scene) => ({ ...sample, monoMs: scene[0]?.monoMs ?? 0 }),
  'every counter begins anew': late((sample) => ({ ...sample, readings: numbers(sample.readings, () => 0) })),
  'every counter wraps at 32 bits': late((sample) => ({
    ...sample,
    readings: numbers(sample.readings, (value) => (value > 1e6 ? value % 65_521 : value)),
  })),
  'every counter jumps as far as a number can': late((sample) => ({
    ...sample,
    readings: numbers(sample.readings, (value) => (value > 1e6 ? Number.MAX_SAFE_INTEGER : value)),
  })),
};

describe.each(Object.entries(warps))('%s', (_, warp) => {
  test.each(all)('%s: every figure is a number, and no rate or age is negative', (_name, scene) => {
    const warped = scene.map(warp);
    let history = emptyHistory;
    for (const sample of warped) {
      history = reduce(history, sample);
      const model = derive(history);
      expect(wrongFigures(model)).toEqual([]);
      for (const { title, summary } of run(rules, model).findings) expect(`${title} ${summary}`).not.toMatch(nonsense);
    }
  });
});

const wallOnly = Object.entries(warps).filter(([name]) => /wall clock/.test(name));

describe.each(wallOnly)('%s', (_, warp) => {
  test('a stuck container, a slow disk and a process in D are reported as before', () => {
    for (const scene of [scenes.stopLeak, scenes.slowDisk]) {
      const before = found(scene);
      expect(before.length).toBeGreaterThan(0);
      expect(found(scene.map(warp))).toEqual(before);
    }
  });
});

describe('a pid that is another process by the next look', () => {
  const look = (seconds: number, starttime: number): Sample =>
    make.sampleAt(seconds, {
      processes: ok(make.processes([make.blocked(7, { starttime }, { offCpuSeconds: null })]), 1),
    });
  const ages = (scene: Scene): unknown => scenes.modelOf(scene).processes?.list.map(({ seconds }) => seconds);

  test('is in D since that look only', () => {
    expect(ages([look(0, 1000), look(60, 1000)])).toEqual([60]);
    expect(ages([look(0, 1000), look(60, 5000)])).toEqual([0]);
  });
});

test('another boot is another node: nothing of before is reported, and nothing after it is lost', () => {
  const follower = new NodeFollower();
  for (const sample of scenes.slowDisk) follower.take({ ...sample, monoMs: sample.monoMs + hourMs });
  for (const sample of scenes.stopLeak) follower.take(sample);
  expect(follower.judge().model).toEqual(scenes.modelOf(scenes.stopLeak));
});

const nonsense = /NaN|Infinity|undefined|-\d+(?:\.\d+)? ?(?:s|ms|%|MB\/s|B\/s)\b/;

/** The warp of the second half of a scene. */
function late(change: (sample: Sample) => Sample): Warp {
  return (sample, index, scene) => (isLate(index, scene) ? change(sample) : sample);
}

/** The findings that are more than information, by id. */
function found(scene: Scene): string[] {
  const { findings } = run(rules, scenes.modelOf(scene));
  return findings.filter(({ severity }) => severity !== 'info').map(({ id }) => id);
}

/** The value with every number in it changed, but for those that name something. */
function numbers<T>(value: T, change: (value: number) => number, key = ''): T {
  if (typeof value === 'number') return (isName.test(key) ? value : change(value)) as T;
  if (Array.isArray(value)) return value.map((item) => numbers(item, change, key)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, numbers(item, change, name)])) as T;
}

const isName = /pid|tid|start|inode|major|minor|number|since|at$|version/i;
/** Figures that are a rate, an age, a share or a count of something. */
const isFigure = /PerSec|PerMinute|Percent|Seconds$|ageMs|Bytes$/;
/** The difference to before, which may be either. */
const isChange = /delta|change|growth|slope|trend|offset/i;

/** Paths of figures that are no number, or below zero. */
function wrongFigures(value: unknown, path = ''): string[] {
  if (typeof value === 'number') {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const isWrong = !Number.isFinite(value) || (value < 0 && isFigure.test(key) && !isChange.test(path));
    return isWrong ? [`${path} is ${value}`] : [];
  }
  if (value instanceof Map) return [...value].flatMap(([key, item]) => wrongFigures(item, `${path}.${key}`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => wrongFigures(item, `${path}.${key}`));
}
