import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { lostEventStream } from '../../src/rules/lost-event-stream.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import { recordedStacks } from '../support/recorded-stacks.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const judge = (...samples: Sample[]): readonly Finding[] => run([lostEventStream], modelOf(samples)).findings;
const streams = (count: number) => (count === 0 ? [make.dockerMain()] : [make.dockerMain(), make.eventStreams(count)]);

interface Node {
  readonly version?: string;
  readonly ageSeconds?: number;
  readonly containerdAgeSeconds?: number;
  readonly readings?: Readings;
}

const at = (second: number, count: number, node: Node = {}): Sample => {
  const { version = '20.10.24', ageSeconds = 9000, containerdAgeSeconds = 9000, readings = {} } = node;
  const dockerd = make.dockerd({
    version: ok({ version, goVersion: null, product: null }, 1),
    process: ok(make.daemonProcess({ ageSeconds: ageSeconds + second }), 1),
  });
  const containerd = make.containerd({
    process: ok(make.daemonProcess({ pid: 890, ageSeconds: containerdAgeSeconds + second }), 1),
  });
  return make.sampleAt(second, {
    daemons: ok(make.daemons(dockerd, containerd), 1),
    stacks: ok(make.stacks({ dockerd: streams(count) }, 1 + second / 30), 1),
    ...readings,
  });
};
const logged = (lastAt = make.noon - 60_000): Readings => ({
  logs: ok(make.logs({ tallies: [make.logTally('event-stream-lost', null, { lastAt })] }), 1),
});

describe('a dockerd without the goroutines that hear containerd', () => {
  test('loses exits', () => {
    const [finding] = judge(at(0, 0));
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'likely',
      title: 'dockerd does not hear containerd’s events',
    });
    expect(finding?.remedies.map(({ command }) => command)).toEqual([
      'rtwatch dump dockerd',
      'systemctl restart docker',
    ]);
    expect(finding?.remedies[1]?.text).toContain('Live-restore is off here');
  });

  test('does so for certain when its log says it, or a container runs without a process', () => {
    expect(judge(at(0, 0, { readings: logged() }))).toMatchObject([
      { confidence: 'certain', since: make.noon - 60_000 },
    ]);
    const readings = {
      containers: ok(make.containers([make.container('a', 'web-1')]), 1),
      shims: ok(make.shims({ shims: [make.shim(700, { bundleId: make.idOf('a') })] }), 1),
    };
    const [finding] = judge(at(0, 0, { readings }));
    expect(finding).toMatchObject({ confidence: 'certain', subjects: { containers: [make.idOf('a')] } });
    expect(finding?.summary).toContain('web-1 counts as running, without a process');
    expect(finding?.ruledOut).toMatchObject([{ id: 'unkillable-container' }]);
  });

  test('may only just have been started, or containerd has', () => {
    expect(judge(at(0, 0, { ageSeconds: 20 }))).toEqual([]);
    expect(judge(at(0, 0, { containerdAgeSeconds: 20 }))).toEqual([]);
    expect(judge(at(0, 0, { ageSeconds: 40 }))).toHaveLength(1);
  });
});

describe('one stream of two', () => {
  test('is said to be possible when it stays so, and likely when the log mentions it', () => {
    expect(judge(at(0, 1))).toEqual([]);
    expect(judge(at(0, 1), at(30, 1))).toMatchObject([{ severity: 'warning', confidence: 'possible' }]);
    expect(judge(at(0, 1, { readings: logged() }))).toMatchObject([{ severity: 'critical', confidence: 'likely' }]);
  });

  test('is how it was before 17.11', () => {
    const old = { version: '17.06.2-ce' };
    expect(judge(at(0, 1, old), at(30, 1, old))).toEqual([]);
  });

  test('was of an earlier dockerd when the line is older than this one', () => {
    expect(judge(at(0, 1, { ageSeconds: 100, readings: logged(make.noon - 200_000) }))).toEqual([]);
  });
});

test('a healthy dockerd has two, one that leaks has too', () => {
  expect(judge(at(0, 2))).toEqual([]);
  const leaking = { stacks: ok(make.stacks({ dockerd: recordedStacks('stop-leak-t2.dockerd') }), 1) };
  expect(judge(at(0, 2, { readings: leaking }))).toEqual([]);
});

test('goroutines of another program, or of a part of them, give nothing', () => {
  const containerd = { stacks: ok(make.stacks({ dockerd: recordedStacks('containerd-hang-t1.containerd') }), 1) };
  expect(judge(at(0, 0, { readings: containerd }))).toEqual([]);
  const part = { total: 900, groups: streams(0), rest: 899 };
  const partial = { stacks: ok({ daemons: [{ daemon: 'dockerd', look: 1, stacks: ok(part, 1) }] }, 1) };
  expect(judge(at(0, 0, { readings: partial }))).toEqual([]);
});

test('it cannot be judged without stacks, and there is none without dockerd', () => {
  const lost = modelOf([at(0, 0, { readings: { stacks: failed('no') } })]);
  expect(run([lostEventStream], lost).unknown).toHaveLength(1);
  const gone = { daemons: ok(make.daemons(make.dockerd({ process: absent('no dockerd process') })), 1) };
  expect(judge(at(0, 0, { readings: gone }))).toEqual([]);
});
