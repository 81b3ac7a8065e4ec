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

  test('is not said to be paused or not when LXC, systemd or a batch system froze it, and only informs', () => {
    const suspended = { ...frozen('postgres'), containerId: null };
    const [finding] = judge({ ...listed('running'), processes: ok(make.processes([suspended]), 1) });
    expect(finding).toMatchObject({ severity: 'info', confidence: 'possible', subjects: { pids: [5100] } });
  });

  test('is not said to be paused or not when it is one of nerdctl’s, whose list has no states', () => {
    const own = make.criContainer(id, { sandboxId: null, runtimeNamespace: 'default', state: 'unknown' });
    const [finding] = judge({ cri: ok(make.cri({ containers: [own] }), 1) });
    expect(finding).toMatchObject({ severity: 'info', confidence: 'possible' });
    const shims = (change: Parameters<typeof make.shims>[0]): Readings => ({ shims: ok(make.shims(change), 1) });
    expect(judge(shims({ plainNames: [{ id, name: 'db', engine: 'nerdctl' }] }))).toMatchObject([{ severity: 'info' }]);
    expect(judge(shims({ plainNames: [{ id: make.idOf('9'), name: 'db', engine: 'nerdctl' }] }))).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  describe('of which a checkpoint is made', () => {
    const during = (ageSeconds: number): readonly Finding[] =>
      judge({
        ...listed('running'),
        processes: ok(
          make.processes([frozen('app')], {
            runtimes: [make.runtime(6000, { command: 'checkpoint', attached: true, containerId: id, ageSeconds })],
          }),
          1,
        ),
      });

    test('is frozen as long as its memory is written', () => {
      expect(during(120)).toEqual([]);
    });

    test('is a finding when that does not end', () => {
      expect(during(700)).toMatchObject([{ severity: 'critical' }]);
    });
  });
});
