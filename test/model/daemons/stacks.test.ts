import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/sample/reading.ts';
import type { FoldedStack } from '../../../src/sample/stacks.ts';
import * as make from '../../support/samples.ts';
import { modelOf, type Scene } from '../../support/scenes.ts';

const daemon = 'github.com/docker/docker/daemon.(*Daemon)';
const stopping = (count: number): FoldedStack => ({
  count,
  funcs: [`${daemon}.Kill`, `${daemon}.containerStop`, `${daemon}.ContainerStop`, 'net/http.(*conn).serve'],
});
const eventStream = {
  count: 2,
  funcs: ['github.com/docker/docker/libcontainerd/remote.(*client).processEventStream'],
};

const look = (second: number, number: number, groups: readonly FoldedStack[] | null) => {
  const total = groups?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const stacks = groups === null ? null : ok({ total, groups, rest: 0 }, 3);
  return make.sampleAt(second, { stacks: ok({ daemons: [{ daemon: 'dockerd', look: number, stacks }] }, 1) });
};
const only = (scene: Scene) => modelOf(scene).stacks?.[0];

describe('the stacks of a daemon', () => {
  test('are known by the patterns that fit them', () => {
    const model = only([look(0, 1, [stopping(7), eventStream])]);
    expect(model?.patterns).toContainEqual({ id: 'stop-waits-for-exit', count: 7, perMinute: null, polls: 1 });
    expect(model?.eventStreams.status).toBe('present');
  });

  test('stay until the next poll, and grow older', () => {
    const model = only([look(0, 1, [stopping(7)]), look(12, 1, null)]);
    expect(model?.ageSeconds).toBe(12);
    expect(model?.report.total).toBe(7);
  });

  test('show how a pattern grows from poll to poll', () => {
    const model = only([look(0, 1, [stopping(7)]), look(30, 2, [stopping(27)]), look(60, 3, [stopping(57)])]);
    expect(model?.patterns).toContainEqual({ id: 'stop-waits-for-exit', count: 57, perMinute: 50, polls: 3 });
  });

  test('count a pattern from nothing when it was not there before', () => {
    const model = only([look(0, 1, [eventStream]), look(60, 2, [stopping(10), eventStream])]);
    expect(model?.patterns).toContainEqual({ id: 'stop-waits-for-exit', count: 10, perMinute: 10, polls: 1 });
  });

  test('are matched the same whether they came before or not', () => {
    const groups = [eventStream, stopping(3), { count: 1, funcs: ['main.main'] }];
    const again = only([look(0, 1, [stopping(7), eventStream]), look(30, 2, [eventStream]), look(60, 3, groups)]);
    expect(again?.report).toEqual(only([look(60, 3, groups)])?.report);
  });

  test('of a daemon that was started anew are not compared with those before', () => {
    const model = only([look(0, 4, [stopping(900)]), look(30, 1, [stopping(1)])]);
    expect(model?.patterns).toContainEqual({ id: 'stop-waits-for-exit', count: 1, perMinute: null, polls: 1 });
  });

  test('are unknown before the first poll', () => {
    expect(modelOf([make.sampleAt(0, {})]).stacks).toBeNull();
  });
});
