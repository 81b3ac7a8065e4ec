import { describe, expect, test } from 'vitest';
import {
  deriveLogs,
  type LogsHistory,
  type LogsModel,
  linesAbout,
  noLogs,
  reduceLogs,
  talliesBySign,
  talliesOf,
} from '../../../src/model/logs/logs.ts';
import { track, untracked } from '../../../src/model/tracked.ts';
import type { LogsValue } from '../../../src/sample/logs.ts';
import { failed, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';

const id = make.idOf('a9');
const other = make.idOf('b7');

const remembered = (...looks: readonly Partial<LogsValue>[]): LogsHistory =>
  looks.reduce((history: LogsHistory, look) => reduceLogs(history, ok(make.logs(look), 1)), noLogs);

const model = (...looks: readonly Partial<LogsValue>[]): LogsModel => {
  const derived = deriveLogs(track(untracked, ok(make.logs(looks.at(-1)), 1), 0), remembered(...looks), make.noon);
  if (derived === null) throw new Error('no logs');
  return derived;
};

const lines = (from: number, count: number, sign = 'stop-force', container: string | null = id) =>
  Array.from({ length: count }, (_, index) => make.logLine(from + index, sign, { container }));

describe('the lines that are remembered', () => {
  test('are those of all looks, the newest last', () => {
    expect(remembered({ lines: lines(0, 2) }, { lines: [] }, { lines: lines(2, 1) }).lines.map(({ n }) => n)).toEqual([
      0, 1, 2,
    ]);
  });

  test('are sixty of one sign and container, so that a storm leaves room for the rest', () => {
    const history = remembered(
      { lines: lines(0, 1, 'hung-task', null) },
      ...Array.from({ length: 40 }, (_, look) => ({ lines: lines(1 + look * 100, 100) })),
    );
    expect(history.lines).toHaveLength(61);
    expect(history.lines[0]?.sign).toBe('hung-task');
    expect(history.lines.at(-1)?.n).toBe(4000);
  });

  test('are a thousand at most', () => {
    const looks = Array.from({ length: 30 }, (_, look) => ({ lines: lines(look * 50, 50, 'stop-force', `c${look}`) }));
    expect(remembered(...looks).lines).toHaveLength(1000);
    expect(remembered(...looks).lines.at(-1)?.n).toBe(1499);
  });

  test('stay when a poll failed', () => {
    const history = remembered({ lines: lines(0, 2) });
    expect(reduceLogs(history, failed('x'))).toBe(history);
    expect(reduceLogs(history, undefined)).toBe(history);
  });

  test('are not reported twice when the sampler is started anew and reads the same past', () => {
    const history = remembered({ lines: lines(0, 5) }, { lines: [...lines(0, 5), make.logLine(5, 'hung-task')] });
    expect(history.lines.map(({ sign, n }) => `${sign} ${n}`)).toEqual([
      ...[0, 1, 2, 3, 4].map((n) => `stop-force ${n}`),
      'hung-task 5',
    ]);
  });
});

describe('what the logs say of a container', () => {
  const logs = model({
    tallies: [
      make.logTally('stop-force', id, { count: 3, firstAt: 1000, lastAt: 3000, lastMinute: 2 }),
      make.logTally('direct-sigkill', id.slice(0, 12), { count: 9, firstAt: null, lastAt: null, lastMinute: 0 }),
      make.logTally('stop-force', id.slice(0, 12), { count: 4, firstAt: 500, lastAt: 2000, lastMinute: 4 }),
      make.logTally('no-exit-event', 'web-1', { count: 1 }),
      make.logTally('stop-force', other),
      make.logTally('hung-task', null),
    ],
    lines: [
      make.logLine(0, 'stop-force', { container: id }),
      make.logLine(1, 'no-exit-event', { container: 'web-1' }),
      make.logLine(2, 'stop-force', { container: other }),
      make.logLine(3, 'task-exit-failed', { container: id.slice(0, 12), unit: 'containerd' }),
      make.logLine(4, 'hung-task', { unit: 'kernel' }),
    ],
  });

  test('is counted by sign, however the lines name it', () => {
    expect(talliesOf(logs, id, 'web-1')).toEqual([
      expect.objectContaining({ sign: 'direct-sigkill', count: 9, firstAt: null, lastAt: null, perMinute: 0 }),
      expect.objectContaining({
        sign: 'stop-force',
        group: 'stop',
        count: 7,
        firstAt: 500,
        lastAt: 3000,
        perMinute: 6,
      }),
      expect.objectContaining({ sign: 'no-exit-event', count: 1 }),
    ]);
    expect(talliesOf(logs, id, '/web-1')).toHaveLength(3);
    expect(talliesOf(logs, id, null)).toHaveLength(2);
    expect(talliesOf(logs, null, 'web-1')).toHaveLength(1);
    expect(talliesOf(logs, null, null)).toEqual([]);
    expect(talliesOf(null, id, 'web-1')).toEqual([]);
  });

  test('is about no other container: a short name is no beginning of an id', () => {
    const short = model({ tallies: [make.logTally('stop-force', id.slice(0, 6))] });
    expect(talliesOf(short, id, 'web-1')).toEqual([]);
    expect(talliesOf(logs, make.idOf('cc'), 'web-2')).toEqual([]);
  });

  test('are the lines that name it', () => {
    expect(linesAbout(logs, { containerId: id, name: 'web-1' }).map(({ n }) => n)).toEqual([0, 1, 3]);
    expect(linesAbout(logs, { containerId: id, daemon: 'containerd' }).map(({ n }) => n)).toEqual([3]);
    expect(linesAbout(logs, { daemon: 'kernel' }).map(({ n }) => n)).toEqual([4]);
    expect(linesAbout(logs, { containerId: null, name: null })).toEqual([]);
    expect(linesAbout(null, { containerId: id })).toEqual([]);
  });

  test('of the node it is counted over all containers', () => {
    expect(talliesBySign(logs, 'stop').map(({ sign, count }) => [sign, count])).toEqual([
      ['direct-sigkill', 9],
      ['stop-force', 8],
      ['no-exit-event', 1],
    ]);
    expect(talliesBySign(logs)).toHaveLength(4);
  });
});

test('a sign has its meaning beside it, and one that is not known has its own id', () => {
  const [known, unknown] = model({
    tallies: [make.logTally('device-busy'), make.logTally('toString')],
  }).tallies;
  expect(known).toMatchObject({ group: 'removal', meaning: expect.stringContaining('EBUSY') });
  expect(unknown).toMatchObject({ group: 'node', meaning: 'toString' });
});

test('without logs there is nothing to say', () => {
  expect(deriveLogs(untracked, noLogs, 0)).toBeNull();
});
