import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { frozenCgroup } from '../../src/rules/frozen-cgroup.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const id = make.idOf('a');
const frozen = (comm: string) =>
  make.blocked(
    5100,
    { comm, containerId: id },
    { offCpuSeconds: 400, wchan: '__refrigerator', stack: ['__refrigerator', 'get_signal'] },
  );
const judge = (readings: Readings, comm = 'app'): readonly Finding[] =>
  run([frozenCgroup], modelOf([make.sampleAt(0, { processes: ok(make.processes([frozen(comm)]), 1), ...readings })]))
    .findings;
const listed = (state: string): Readings => ({
  containers: ok(make.containers([make.container(id, 'web', { state })]), 1),
});

describe('a container whose processes are frozen', () => {
  test('is not paused when the engine lists it as running', () => {
    expect(judge(listed('running'))).toMatchObject([
      { severity: 'critical', confidence: 'certain', title: 'web is frozen by the cgroup freezer, and is not paused' },
    ]);
  });

  test('is no finding when the engine lists it as paused', () => {
    expect(judge(listed('paused'))).toEqual([]);
  });

  test.each<[string, Readings]>([
    ['has not answered yet', {}],
    ['does not answer', { containers: failed('GET /containers/json: no answer within 5s') }],
  ])('may be paused while the engine %s, and the first step is to look', (_, readings) => {
    const [finding] = judge(readings);
    expect(finding).toMatchObject({ severity: 'warning', confidence: 'possible', ruledOut: [] });
    expect(finding?.title).toContain('whether it is paused is unknown');
    expect(finding?.remedies[0]?.risk).toBe('none');
  });

  test('is not paused, whatever is known of the engine, when it is still being set up', () => {
    expect(judge({}, 'runc:[2:INIT]')).toMatchObject([{ severity: 'critical', confidence: 'certain' }]);
  });
});
