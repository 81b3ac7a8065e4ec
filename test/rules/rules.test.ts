import { describe, expect, test } from 'vitest';
import { rule } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const judge = (scene: scenes.Scene) => run(rules, scenes.modelOf(scene));
const ids = (scene: scenes.Scene) => judge(scene).findings.map(({ id, severity }) => `${severity} ${id}`);

describe('the rules', () => {
  test('find nothing on a healthy node, nor on one without containers', () => {
    expect(judge(scenes.healthy)).toEqual({ findings: [], unknown: [] });
    expect(judge(scenes.bare)).toEqual({ findings: [], unknown: [] });
    expect(ids(scenes.restarted)).toEqual([]);
  });

  test('show what they could not judge, and why', () => {
    expect(judge(scenes.broken).findings).toEqual([]);
    expect(judge(scenes.broken).unknown).toContainEqual({
      id: 'blocked-process',
      because: 'processes: /proc: EACCES',
      remedy: 'run as root',
      matters: true,
    });
    expect(judge(scenes.unanswered).unknown.map(({ id }) => id)).toEqual(
      rules.filter(({ needs }) => needs.length > 0).map(({ id }) => id),
    );
  });

  test('name the option that took away what a source needs', () => {
    const mounts = failed('needs the source "processes", which is disabled');
    expect(judge(scenes.twice({ mounts })).unknown).toContainEqual({
      id: 'leaked-mount',
      because: 'mounts: needs the source "processes", which is disabled',
      remedy: 'run without --disable processes',
      matters: true,
    });
  });

  test('have the names of their files, each once', () => {
    const names = rules.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what a container is doing', () => {
  const processes = ok(make.processes([make.blocked(7, { killPending: true, containerId: make.idOf('a') })]), 1);
  const unknownOf = (readings: Readings) => judge([make.sampleAt(0, readings)]).unknown.map(({ id }) => id);
  const shims = failed('/proc: EACCES');

  test('is unknown when neither the engine nor the shims answer, although the processes do', () => {
    const verdicts = judge(scenes.twice({ processes, containers: failed('no answer within 5s'), shims }));
    expect(verdicts.unknown).toContainEqual({
      id: 'unkillable-container',
      because: 'containers: no answer within 5s',
      matters: true,
    });
    expect(verdicts.findings.map(({ id }) => id)).toEqual(['blocked-process']);
  });

  test('is known from either of them alone', () => {
    const containers = ok(make.containers([]), 1);
    expect(unknownOf({ processes, containers, shims })).not.toContain('unkillable-container');
    const silent = failed('no answer within 5s');
    expect(unknownOf({ processes, containers: silent, shims: ok(make.shims(), 1) })).not.toContain(
      'unkillable-container',
    );
  });

  test('is not asked on a node that has neither', () => {
    const none = { containers: absent('no container engine'), shims: absent('no shim') };
    expect(unknownOf({ processes, ...none })).not.toContain('unkillable-container');
    expect(unknownOf({ processes, ...none, shims })).toContain('unkillable-container');
  });
});

describe('a container that cannot exit', () => {
  test('is reported with the process that SIGKILL waits for, the worst first', () => {
    const { findings } = judge(scenes.stopLeak);
    expect(findings.map(({ id, depth }) => `${depth} ${id}`)).toEqual([
      '0 frozen-filesystem',
      '1 unkillable-container',
      '2 goroutine-leak-on-stop',
      '3 outdated-engine',
      '0 stuck-removal',
      '0 io-pressure',
      '0 blocked-process',
    ]);
    const found = findings.find(({ id }) => id === 'unkillable-container');
    expect(found).toMatchObject({
      title: 'kube-system/fluentd-hjj42/fluentd cannot exit',
      subjects: { containers: [make.idOf('a9')], pids: [28_816] },
      since: Date.UTC(2026, 10, 20, 10, 0, 0),
    });
    expect(found?.evidence.map(({ source }) => source)).toEqual([
      '/proc/28816/status',
      '/proc/28816/stat',
      'GET /events',
      '/proc/28816/wchan',
      '/proc/28816/stack',
    ]);
  });

  test('has not begun to be so a second later at every poll', () => {
    const sinces = scenes.stopLeak.map((_, index) => judge(scenes.stopLeak.slice(0, index + 1)).findings[0]?.since);
    expect(new Set(sinces).size).toBe(1);
  });
});

describe('a blocked process', () => {
  const blocked = (offCpuSeconds: number): scenes.Scene =>
    scenes.twice({ processes: ok(make.processes([make.blocked(7, {}, { offCpuSeconds })]), 1) });

  test('is reported when it waits longer than disks do', () => {
    expect(ids(blocked(3))).toEqual([]);
    expect(ids(blocked(30))).toEqual(['warning blocked-process']);
  });

  test('is reported once when its container is reported as unkillable', () => {
    const process = make.blocked(7, { killPending: true, containerId: make.idOf('a') });
    const readings = { processes: ok(make.processes([process]), 1), shims: ok(make.shims(), 1) };
    expect(ids([make.sampleAt(0, readings)])).toEqual(['critical unkillable-container']);
  });

  test('of a zombie leader is reported by its thread', () => {
    const { findings } = judge(scenes.stopLeak);
    expect(findings.at(-1)).toMatchObject({ id: 'blocked-process', subjects: { pids: [31_007] } });
    expect(findings.at(-1)?.evidence[0]?.text).toContain('threads in D: 31044');
  });
});

describe('a silent daemon', () => {
  const daemon = (change: Parameters<typeof make.dockerd>[0]) => [
    make.sampleAt(0, { daemons: ok(make.daemons(make.dockerd(change)), 1) }),
  ];

  test('is one that lives and does not answer', () => {
    expect(ids(daemon({ ping: failed('GET /_ping: no answer within 5s') }))).toEqual(['critical silent-daemon']);
    expect(ids(daemon({ ping: pending(7500, 'not yet') }))).toEqual(['critical silent-daemon']);
  });

  test('is not one that has only just been asked, nor one that never was there', () => {
    expect(ids(daemon({ ping: pending(0, 'not requested yet') }))).toEqual([]);
    expect(ids(daemon({ ping: absent('no such socket'), process: absent('no dockerd process') }))).toEqual([]);
  });

  test('is one that was there and is gone', () => {
    expect(ids(scenes.gone)).toEqual(['critical silent-daemon']);
  });
});

describe('the runner', () => {
  const faulty = rule({
    id: 'faulty',
    needs: ['processes'],
    uses: [],
    matters: false,
    judge: () => {
      throw new Error('divided by zero');
    },
  });

  test('does not judge by the last value of a source that has not answered for minutes', () => {
    const silent = (seconds: number) => [
      ...scenes.stopLeak,
      make.sampleAt(seconds, { containers: pending(seconds * 1000, 'GET /containers/json: no answer yet') }),
    ];
    const unknown = (seconds: number) => judge(silent(seconds)).unknown.map(({ id }) => id);
    expect(unknown(60)).not.toContain('stuck-removal');
    expect(unknown(200)).toContain('stuck-removal');
  });

  test('does not judge by a source that hung and is skipped', () => {
    const at = make.noon;
    const left = make.sampleAt(
      60,
      {},
      { sampler: { pid: 4712, cpuMs: 1, rssBytes: 1, hung: [{ source: 'mounts', path: null, at }] } },
    );
    const { unknown } = judge([...scenes.healthy, left, { ...left, monoMs: left.monoMs + 150_000 }]);
    expect(unknown).toContainEqual(
      expect.objectContaining({ id: 'leaked-mount', because: 'mounts: its read hung, so it is no longer read' }),
    );
  });

  test('survives a rule that throws, and says which', () => {
    const model = scenes.modelOf(scenes.stopLeak);
    const verdicts = run([faulty, ...rules], model);
    expect(verdicts.findings).toEqual(run(rules, model).findings);
    expect(verdicts.unknown).toEqual([
      { id: 'faulty', because: 'the rule itself failed: divided by zero', matters: false },
    ]);
  });
});
