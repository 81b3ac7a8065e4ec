import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PromAnswer } from '../../src/fleet/answer.ts';
import { FleetSource } from '../../src/fleet/fleet-source.ts';
import { fleetQueries, questionNames } from '../../src/fleet/queries.ts';
import { answersOf, largeFleet, noon, trendAnswer } from '../support/fleets.ts';
import { letEventsRun } from '../support/wait-for.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const queries = fleetQueries([]);

function scripted() {
  const asked: string[] = [];
  const failing = new Map<string, string>();
  const warnings = new Map<string, string>();
  const waiting: (() => void)[] = [];
  let holds = false;
  let now = noon;
  const answers = answersOf(largeFleet);
  const prometheus = {
    query: async (query: string): Promise<PromAnswer> => {
      const name = questionNames.find((one) => one !== 'trends' && queries[one] === query);
      if (name === undefined || name === 'trends') throw new Error(`an unknown query: ${query}`);
      asked.push(name);
      if (holds) await new Promise<void>((resolve) => waiting.push(resolve));
      const trouble = failing.get(name);
      if (trouble !== undefined) throw new Error(trouble);
      return { series: answers[name], warning: warnings.get(name) ?? null };
    },
    queryRange: (query: string): Promise<PromAnswer> => {
      asked.push('trends');
      const trouble = failing.get('trends');
      return trouble === undefined
        ? Promise.resolve({
            series: trendAnswer(largeFleet.sick.filter(({ instance }) => query.includes(instance))),
            warning: null,
          })
        : Promise.reject(new Error(trouble));
    },
  };
  const source = new FleetSource({ prometheus, selector: [], intervalMs: 15_000, now: () => now });
  return {
    source,
    asked,
    failing,
    warnings,
    hold: () => {
      holds = true;
    },
    release: () => {
      holds = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
    later: async (ms: number) => {
      now += ms;
      await vi.advanceTimersByTimeAsync(ms);
      await letEventsRun();
    },
  };
}

test('a round is at most six queries, whatever the number of nodes', async () => {
  const { source, asked } = scripted();
  const { fleet } = await source.ask();
  expect(asked.toSorted()).toEqual([...questionNames].toSorted());
  expect(asked.length).toBeLessThanOrEqual(6);
  expect(fleet).toMatchObject({ total: 5000, critical: 41 });
  expect(fleet?.trends.size).toBe(53);
});

test('a round begins an interval after the last one has ended: nothing is asked twice at once', async () => {
  const { source, asked, hold, release, later } = scripted();
  hold();
  source.start();
  await later(120_000);
  expect(asked).toHaveLength(4);
  release();
  await later(0);
  expect(asked).toHaveLength(5);
  await later(14_999);
  expect(asked).toHaveLength(5);
  await later(1);
  expect(asked).toHaveLength(10);
  source.close();
  await later(60_000);
  expect(asked).toHaveLength(10);
});

test('a question that fails keeps its last answer, and says since when', async () => {
  const { source, failing, later } = scripted();
  await source.ask();
  failing.set('findings', 'no answer within 10s');
  await later(60_000);
  const { fleet, questions } = await source.ask();
  expect(fleet).toMatchObject({ critical: 41 });
  expect(questions.find(({ name }) => name === 'findings')).toEqual({
    name: 'findings',
    answeredAt: noon,
    trouble: 'no answer within 10s',
    warning: null,
  });
  expect(questions.find(({ name }) => name === 'counts')?.answeredAt).toBe(noon + 60_000);
});

test('an answer that may be incomplete is taken, and its warning kept until one comes without', async () => {
  const { source, warnings } = scripted();
  warnings.set('findings', 'it warns: store-2 does not answer');
  const { fleet, questions } = await source.ask();
  expect(fleet).toMatchObject({ critical: 41 });
  expect(questions.find(({ name }) => name === 'findings')).toMatchObject({
    answeredAt: noon,
    trouble: null,
    warning: 'it warns: store-2 does not answer',
  });
  warnings.clear();
  expect((await source.ask()).questions.every(({ warning }) => warning === null)).toBe(true);
});

test('when nothing was ever answered nothing is known, and the next round may', async () => {
  const { source, failing } = scripted();
  for (const name of questionNames) failing.set(name, 'connect ECONNREFUSED');
  expect((await source.ask()).fleet).toBeNull();
  failing.clear();
  expect((await source.ask()).fleet).toMatchObject({ critical: 41 });
});

test('while it is paused nothing is asked, and then at once', async () => {
  const { source, asked, later } = scripted();
  source.start();
  await later(0);
  source.setPaused(true);
  await later(60_000);
  expect(asked).toHaveLength(5);
  expect(source.getSnapshot().paused).toBe(true);
  source.setPaused(false);
  await later(0);
  expect(asked).toHaveLength(10);
  source.close();
});

test('another interval holds from the next round on', async () => {
  const { source, asked, later } = scripted();
  source.start();
  await later(0);
  source.setInterval(60_000);
  await later(59_999);
  expect(asked).toHaveLength(5);
  await later(1);
  expect(asked).toHaveLength(10);
  source.close();
});
