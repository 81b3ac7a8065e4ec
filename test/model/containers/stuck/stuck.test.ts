import { describe, expect, test } from 'vitest';
import {
  earliest,
  type StuckEvidence,
  type StuckFacts,
  type StuckTask,
} from '../../../../src/model/containers/stuck/evidence.ts';
import { judgeStuck } from '../../../../src/model/containers/stuck/stuck.ts';
import { ok, pending } from '../../../../src/sample/reading.ts';
import * as make from '../../../support/samples.ts';

const at = make.noon;
const ago = (seconds: number): number => at - seconds * 1000;

const facts = (change: Partial<StuckFacts> = {}): StuckFacts => ({
  at,
  id: make.idOf('a1'),
  listState: 'running',
  stateSince: ago(3600),
  stateBeganBefore: false,
  createdAt: ago(3600) / 1000,
  kill: null,
  inspect: null,
  sandbox: null,
  inspectedThrough: 'engine',
  othersAnswer: true,
  tasks: [],
  shim: null,
  worker: null,
  tallies: [],
  ...change,
});

const held = (change: Partial<StuckTask> = {}): StuckTask => ({
  pid: 4242,
  comm: 'dd',
  state: 'D',
  inD: true,
  killPending: false,
  killPendingMs: 0,
  killPendingPolls: 0,
  seconds: 2,
  exact: true,
  wchan: 'percpu_rwsem_wait',
  waits: null,
  ...change,
});

/** SIGTERM, and SIGKILL after it when that was sent. */
const killed = (termSeconds: number, killSeconds: number | null) => {
  const term = { signal: 15, count: 1, firstAt: ago(termSeconds), lastAt: ago(termSeconds) };
  if (killSeconds === null) {
    return make.pendingKill({ firstAt: term.firstAt, lastAt: term.lastAt, count: 1, signal: 15, signals: [term] });
  }
  const kill = { signal: 9, count: 1, firstAt: ago(killSeconds), lastAt: ago(killSeconds) };
  return make.pendingKill({ firstAt: term.firstAt, lastAt: kill.lastAt, count: 2, signal: 9, signals: [term, kill] });
};

const tally = (sign: string, change: object = {}) => ({
  sign,
  group: 'stop' as const,
  meaning: sign,
  count: 3,
  firstAt: ago(300),
  lastAt: ago(20),
  perMinute: 1,
  ...change,
});

const kinds = (change: Partial<StuckFacts>): string[] =>
  judgeStuck(facts(change)).evidence.map(({ kind, strength }: StuckEvidence) => `${strength} ${kind}`);
const isStuck = (change: Partial<StuckFacts>): boolean => judgeStuck(facts(change)).phases.length > 0;

describe('a container that is not stuck', () => {
  test('is one that runs and is left alone', () => {
    expect(judgeStuck(facts())).toEqual({ phases: [], evidence: [] });
  });

  test.each(['paused', 'restarting', 'exited', 'created'])('is one that is %s', (listState) => {
    expect(judgeStuck(facts({ listState }))).toEqual({ phases: [], evidence: [] });
  });

  test('is one whose stop takes its ten seconds, and ends with SIGKILL', () => {
    for (const seconds of [1, 9, 11]) expect(kinds({ kill: killed(seconds, null) })).toEqual([]);
    for (const seconds of [0, 1, 9]) expect(kinds({ kill: killed(10 + seconds, seconds) })).toEqual([]);
  });

  test('is one that was given more time to stop', () => {
    const inspect = ok(make.inspected({ stopTimeoutSeconds: 300 }), 1);
    expect(kinds({ kill: killed(200, null), inspect })).toEqual([]);
  });

  test('is one that ignores SIGTERM, which it may: a sign, and no more', () => {
    expect(kinds({ kill: killed(3600, null) })).toEqual(['sign stop-unanswered']);
    expect(isStuck({ kill: killed(3600, null) })).toBe(false);
  });

  test('is one whose process is seen for a moment with SIGKILL pending', () => {
    expect(isStuck({ kill: killed(1, 0), tasks: [held({ killPending: true, killPendingPolls: 1 })] })).toBe(false);
    expect(isStuck({ tasks: [held({ state: 'S', inD: false, killPending: true, killPendingMs: 900 })] })).toBe(false);
  });

  test('is one whose zombies keep the signal that they obeyed', () => {
    const zombie = held({ state: 'Z', inD: false, killPending: true, killPendingMs: 60_000, wchan: null });
    expect(kinds({ tasks: [zombie] })).toEqual([]);
  });

  test('is one whose process frees its memory for a while after SIGKILL', () => {
    const running = held({ state: 'R', inD: false, killPending: true, killPendingMs: 20_000 });
    expect(kinds({ tasks: [running] })).toEqual([]);
  });

  test('is one with a process in D that was not asked to stop', () => {
    expect(kinds({ tasks: [held({ seconds: 600 })] })).toEqual(['sign task-blocked']);
    expect(isStuck({ tasks: [held({ seconds: 600 })] })).toBe(false);
  });

  test('is one whose process waits in a way that SIGKILL ends', () => {
    const waits: StuckTask['waits'] = {
      kind: 'vfork',
      text: 'a vfork',
      mount: null,
      how: null,
      certainty: 'certain',
      killable: true,
    };
    expect(kinds({ kill: killed(60, null), tasks: [held({ seconds: 600, waits })] })).toEqual(['sign stop-unanswered']);
  });

  test('is one whose inspect takes its time, or is silent with all the others', () => {
    expect(kinds({ inspect: pending(3000, 'not yet') })).toEqual([]);
    expect(kinds({ inspect: pending(60_000, 'not yet'), othersAnswer: false })).toEqual([]);
  });

  test('is one that is being removed, as long as removals take', () => {
    const inspect = ok(make.inspected({ status: 'removing', pid: 0 }), 1);
    expect(kinds({ listState: 'removing', stateSince: ago(20), inspect })).toEqual([]);
  });

  test('is one that is spoken of by lines of long ago, or of before it was started again', () => {
    expect(kinds({ tallies: [tally('direct-sigkill', { lastAt: ago(3000) })] })).toEqual([]);
    const inspect = ok(make.inspected({ startedAt: ago(10) }), 1);
    expect(kinds({ inspect, tallies: [tally('direct-sigkill')] })).toEqual([]);
  });

  test('is one that needed force to stop and has stopped', () => {
    expect(kinds({ tallies: [tally('stop-force')] })).toEqual([]);
    expect(kinds({ listState: 'exited', tallies: [tally('direct-sigkill'), tally('kubelet-stop-failed')] })).toEqual(
      [],
    );
  });
});

describe('a container is proven to be stuck', () => {
  const proven = (change: Partial<StuckFacts>, kind: string, phase = 'stop'): void => {
    const { phases, evidence } = judgeStuck(facts(change));
    expect(evidence[0]).toMatchObject({ kind, strength: 'proof', phase });
    expect(phases).toContain(phase);
  };

  test('by SIGKILL that waits for a task in D, within two polls of the kill', () => {
    const task = held({ killPending: true, killPendingPolls: 2, killPendingMs: 1000 });
    proven({ kill: killed(11, 1), tasks: [task] }, 'kill-pending');
  });

  test('by SIGKILL that has waited for three seconds, even where no event reported it', () => {
    proven({ tasks: [held({ killPending: true, killPendingMs: 3000 })] }, 'kill-pending');
    proven({ tasks: [held({ state: 'S', inD: false, killPending: true, killPendingMs: 3000 })] }, 'kill-pending');
  });

  test('by SIGKILL on a task that has not run for ten seconds, at the first poll', () => {
    proven({ tasks: [held({ killPending: true, seconds: 40 })] }, 'kill-pending');
  });

  test('by a dead process whose thread is in D with SIGKILL pending', () => {
    const { evidence } = judgeStuck(
      facts({ tasks: [held({ state: 'Z', killPending: true, killPendingMs: 4000, seconds: 30 })] }),
    );
    expect(evidence.map(({ kind }) => kind)).toEqual(['kill-pending', 'zombie-leader']);
  });

  test('by SIGKILL that nothing answered for ten seconds, since the first signal', () => {
    proven({ kill: killed(21, 11) }, 'kill-unanswered');
    expect(judgeStuck(facts({ kill: killed(21, 11) })).evidence[0]?.since).toBe(ago(21));
  });

  test('by a task in D for long, of one that was asked to end', () => {
    proven({ kill: killed(12, null), tasks: [held({ seconds: 30 })] }, 'task-blocked');
    expect(isStuck({ kill: killed(2, null), tasks: [held({ seconds: 30 })] })).toBe(false);
  });

  test('by an inspect that is silent for half a minute while others answer', () => {
    proven({ inspect: pending(31_000, 'not yet') }, 'inspect-silent');
  });

  test('by a removal that takes longer than removals do', () => {
    proven({ listState: 'removing', stateSince: ago(30) }, 'removing', 'removal');
    proven({ listState: 'dead' }, 'dead', 'removal');
  });

  test('by a list that says removing and an inspect that says dead, with the error', () => {
    const inspect = ok(make.inspected({ status: 'dead', pid: 0, error: 'device or resource busy' }), 1);
    const { phases, evidence } = judgeStuck(facts({ listState: 'removing', stateSince: ago(1), inspect }));
    expect(phases).toEqual(['removal']);
    expect(evidence.map(({ kind }) => kind)).toEqual(['removal-failed', 'inspect-differs']);
    expect(evidence[0]?.text).toBe('device or resource busy');
  });
});

describe('two signs make it stuck', () => {
  const silent = pending(6000, 'not yet');
  const stopped = { pid: 77, state: 'T', waits: [], troubledMs: 2000 };

  test('when its shim was stopped and its inspect hangs: no signal was ever reported', () => {
    expect(kinds({ inspect: silent })).toEqual(['sign inspect-silent']);
    expect(kinds({ shim: stopped })).toEqual(['sign shim-stopped']);
    expect(isStuck({ inspect: silent })).toBe(false);
    expect(isStuck({ shim: stopped })).toBe(false);
    expect(isStuck({ inspect: silent, shim: stopped })).toBe(true);
  });

  test('when its shim hangs in the kernel for long, and the logs name it', () => {
    const shim = { pid: 77, state: 'S', waits: ['wb_wait_for_completion'], troubledMs: 12_000 };
    expect(kinds({ shim: { ...shim, troubledMs: 2000 } })).toEqual([]);
    expect(kinds({ shim })).toEqual(['sign shim-blocked']);
    expect(isStuck({ shim, tallies: [tally('task-exit-failed')] })).toBe(true);
  });

  test('when a task is in D for long, and the kubelet fails to stop it', () => {
    expect(isStuck({ tallies: [tally('kubelet-stop-failed')] })).toBe(false);
    expect(isStuck({ tallies: [tally('kubelet-stop-failed')], tasks: [held({ seconds: 60 })] })).toBe(true);
  });

  test('but not when they come from the same witness', () => {
    expect(isStuck({ tallies: [tally('kubelet-stop-failed'), tally('direct-sigkill'), tally('no-exit-event')] })).toBe(
      false,
    );
    expect(isStuck({ tasks: [held({ seconds: 60 }), held({ pid: 4243, state: 'Z', seconds: 60 })] })).toBe(false);
  });

  test('in a removal too', () => {
    const inspect = ok(make.inspected({ status: 'exited', pid: 0 }), 1);
    const change = { listState: 'removing', stateSince: ago(5), inspect, tallies: [tally('removal-failed')] };
    expect(judgeStuck(facts(change)).phases).toEqual(['removal']);
  });
});

test('a container can be stuck in its stop and in its removal at once', () => {
  const { phases } = judgeStuck(
    facts({ listState: 'removing', stateSince: ago(60), tasks: [held({ killPending: true, killPendingMs: 60_000 })] }),
  );
  expect(phases).toEqual(['stop', 'removal']);
});

test('what proves stands before what is a sign', () => {
  expect(
    kinds({
      tallies: [tally('direct-sigkill')],
      inspect: pending(6000, 'x'),
      kill: killed(60, 50),
      tasks: [held({ seconds: 60 })],
    }),
  ).toEqual(['proof task-blocked', 'proof kill-unanswered', 'sign inspect-silent', 'sign log']);
});

describe('since when a removal does not finish', () => {
  const inspect = ok(make.inspected({ status: 'dead', error: 'device or resource busy' }), 1);
  const since = (stateBeganBefore: boolean) =>
    earliest(judgeStuck(facts({ listState: 'removing', stateSince: ago(60), stateBeganBefore, inspect })).evidence);

  test('is known where rtwatch saw it begin, and a least time where it was so from the first list', () => {
    expect(since(false)).toMatchObject({ since: ago(60), beganBefore: false });
    expect(since(true)).toMatchObject({ since: ago(60), beganBefore: true });
  });

  test('is what says it exactly, where that is as early', () => {
    const task = held({ killPending: true, killPendingMs: 60_000, seconds: 60, exact: true });
    expect(earliest(judgeStuck(facts({ tasks: [task] })).evidence)?.beganBefore).toBe(false);
  });
});
