import { describe, expect, test } from 'vitest';
import { emptyHistory, reduce } from '../../src/model/history.ts';
import { failed, ok, pending } from '../../src/sample/reading.ts';
import { sourceNames } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { historyOf, modelOf, stopLeak, unanswered } from '../support/scenes.ts';

describe('the history', () => {
  test('is not changed by what comes after it', () => {
    const before = historyOf(stopLeak);
    const copy = structuredClone(before);
    reduce(
      before,
      make.sampleAt(60, { daemons: failed('x'), disks: failed('x'), processes: ok(make.processes([]), 1) }),
    );
    expect(before).toEqual(copy);
  });

  test('gives the same model for the same samples, digit for digit', () => {
    expect(modelOf(structuredClone(stopLeak))).toEqual(modelOf(stopLeak));
  });

  test('knows nothing before the first sample', () => {
    const model = modelOf(unanswered);
    expect(model).toMatchObject({
      at: 0,
      host: null,
      daemons: [],
      containers: null,
      processes: null,
      mounts: null,
      disks: null,
    });
    expect(model.sources.map(({ name, status, ageMs }) => [name, status, ageMs])).toEqual(
      sourceNames.map((name) => [name, 'pending', null]),
    );
  });

  test('keeps the value of a source that falls silent, and says how old it is', () => {
    const scene = [
      make.sampleAt(0, { host: ok(make.host(), 5) }),
      make.sampleAt(7, { host: pending(3000, 'no answer yet') }),
    ];
    const model = modelOf(scene);
    expect(model.host?.hostname).toBe('node-7');
    expect(model.sources.find(({ name }) => name === 'host')).toEqual({
      name: 'host',
      status: 'pending',
      tookMs: 3000,
      detail: 'no answer yet',
      ageMs: 7000,
    });
  });
});

describe('what the sampler costs', () => {
  const cost = (scene: Parameters<typeof historyOf>[0]) => historyOf(scene).sampler;
  const every = (seconds: number, cpuMsPerSecond: number) =>
    Array.from({ length: seconds + 1 }, (_, second) =>
      make.sampleAt(second, {}, { sampler: { pid: 1, cpuMs: 900 + second * cpuMsPerSecond, rssBytes: 5 } }),
    );

  test('is its share of a core without the start, once it has run for a while', () => {
    expect(cost(every(4, 20)).cpuPercent).toBeNull();
    expect(cost(every(8, 20)).cpuPercent).toBeCloseTo(2, 5);
    expect(cost(emptyHistory === null ? [] : every(3600, 20)).marks.length).toBeLessThan(15);
  });

  test('starts anew with another sampler', () => {
    const next = make.sampleAt(20, {}, { sampler: { pid: 2, cpuMs: 100, rssBytes: 5 } });
    expect(cost([...every(10, 20), next])).toMatchObject({ pid: 2, cpuPercent: null });
  });
});
