import { expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { hangingStart } from '../../src/rules/hanging-start.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const gone = failed('GET /_ping: no answer within 5s');
const judge = (...daemons: DaemonValue[]): readonly Finding[] =>
  run([hangingStart], modelOf([make.sampleAt(0, { daemons: ok(make.daemons(...daemons), 1) })])).findings;
const silent = (ageSeconds: number): DaemonValue =>
  make.dockerd({ ping: gone, goroutines: gone, process: ok(make.daemonProcess({ ageSeconds }), 1) });
const containerd = (ageSeconds: number, listens?: boolean): DaemonValue =>
  make.containerd({
    process: ok(make.daemonProcess({ pid: 890, ageSeconds, ...(listens === undefined ? {} : { listens }) }), 1),
  });

test('a young dockerd that does not answer hangs in its start; an old one has fallen silent, which is another rule’s', () => {
  expect(judge(silent(50), containerd(9000))).toEqual([]);
  expect(judge(silent(70), containerd(9000))).toMatchObject([{ severity: 'warning', confidence: 'likely' }]);
  expect(judge(silent(200), containerd(9000))).toMatchObject([
    { severity: 'critical', title: 'dockerd hangs while it starts: 3m 20s after its start it does not respond' },
  ]);
  expect(judge(silent(2000), containerd(9000))).toEqual([]);
});

test('a young dockerd that a signal stopped does not hang in its start: silent-daemon says what it needs', () => {
  const stopped = make.dockerd({
    ping: gone,
    goroutines: gone,
    process: ok(make.daemonProcess({ ageSeconds: 200, state: 'T' }), 1),
  });
  expect(judge(stopped, containerd(9000))).toEqual([]);
});

test('a containerd that listens on no socket hangs in its start, however old it is; where it is unknown nothing is said', () => {
  expect(judge(make.dockerd(), containerd(7200, false))).toMatchObject([
    { severity: 'critical', confidence: 'certain', since: make.noon - 7_200_000 },
  ]);
  expect(judge(make.dockerd(), containerd(7200, true))).toEqual([]);
  expect(judge(make.dockerd(), containerd(7200))).toEqual([]);
  expect(judge(make.dockerd(), containerd(40, false))).toEqual([]);
});

test('a dockerd that was seen to answer does not hang in its start', () => {
  const answered = make.sampleAt(0, {
    daemons: ok(make.daemons(make.dockerd({ process: ok(make.daemonProcess({ ageSeconds: 100 }), 1) })), 1),
  });
  const now = make.sampleAt(60, { daemons: ok(make.daemons(silent(160)), 1) });
  expect(run([hangingStart], modelOf([answered, now])).findings).toEqual([]);
});
