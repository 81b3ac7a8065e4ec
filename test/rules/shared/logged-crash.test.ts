import { expect, test } from 'vitest';
import type { DaemonModel } from '../../../src/model/daemons/daemons.ts';
import type { LogsModel, LogTallyModel } from '../../../src/model/logs/logs.ts';
import { loggedCrash } from '../../../src/rules/shared/logged-crash.ts';
import type { LogPatternId } from '../../../src/sample/log-patterns/patterns.ts';
import type { LogUnit } from '../../../src/sample/logs.ts';

const at = Date.UTC(2026, 10, 21, 12);

const tally = (sign: LogPatternId, unit: LogUnit, about: string): LogTallyModel => ({
  sign,
  unit,
  about,
  container: null,
  origin: 'journal',
  meaning: sign,
  group: 'node',
  severity: 'critical',
  rule: 'crash-loop',
  count: 3,
  lastMinute: 1,
  lastHour: 3,
  firstAt: at - 60_000,
  lastAt: at - 1000,
  agoMs: 1000,
  example: about,
});

const logs = (...tallies: LogTallyModel[]): LogsModel => ({ tallies, lines: [], origins: [] }) as unknown as LogsModel;
const containerd = (socket: string): DaemonModel[] =>
  [{ name: 'containerd', socket, endpoint: null }] as unknown as DaemonModel[];
const fatal = tally('daemon-fatal', 'containerd', 'failed to get listener for main endpoint');

test.each([
  ['k3s', '/run/k3s/containerd/containerd.sock', 'tail -n 200 /var/lib/rancher/*/agent/containerd/containerd.log'],
  ['a node of its own', '/run/containerd/containerd.sock', 'journalctl -u containerd.service -n 200 --no-pager'],
])('the last lines of the only containerd are where they are written: %s', (_, socket, command) => {
  expect(loggedCrash(logs(fatal), containerd(socket), at)?.remedies[0]?.command).toBe(command);
});

test('a stop that systemd ended by force is no restart', () => {
  const finding = loggedCrash(logs(tally('unit-stop-timeout', 'systemd', 'docker.service')), null, at);
  expect(finding?.title).toBe('docker.service did not stop in time, and systemd killed it');
  expect(finding?.summary).not.toContain('without being asked to');
});

test.each([
  ['a later start of the unit', 'unit-started', 'Docker Application Container Engine', false],
  ['a start of another unit', 'unit-started', 'containerd container runtime', true],
  ['what dockerd says when it has started', 'dockerd-started', '', false],
] as const)('a start that failed is told unless it worked later: %s', (_, sign, about, isTold) => {
  const failed = { ...tally('unit-start-failed', 'systemd', 'Docker Application Container Engine'), lastAt: at - 9000 };
  const finding = loggedCrash(logs(failed, tally(sign, 'systemd', about)), null, at);
  expect(finding !== null).toBe(isTold);
  if (isTold) expect(finding?.title).toBe('docker.service did not start');
});

test.each([
  ['exit-code', 'docker.service exited with an error', 'exited without being asked to'],
  ['timeout', 'docker.service failed, and does not run', 'counts it as failed'],
])('a unit that systemd counts as failed exited only if its result says so: %s', (result, title, summary) => {
  const state = tally('unit-status-failed', 'systemd', 'docker.service');
  const example = `docker.service: Active: failed (Result: ${result})`;
  const finding = loggedCrash(logs({ ...state, count: 1, example }), null, at);
  expect(finding?.title).toBe(title);
  expect(finding?.summary).toContain(summary);
});

test('LXD and Incus, which share their last words, are named as either', () => {
  const finding = loggedCrash(logs(tally('lxd-start-failed', 'other', 'Failed to start dqlite server')), null, at);
  expect(finding?.title).toBe('LXD or Incus cannot start: Failed to start dqlite server');
  expect(finding?.remedies[0]?.command).toBe('journalctl -u lxd -u snap.lxd.daemon -u incus -n 200 --no-pager');
});

test('a service of Talos has no unit: its log is read over the API', () => {
  const finding = loggedCrash(logs({ ...tally('talos-service-exited', 'kernel', 'etcd'), lastHour: 2 }), null, at);
  expect(finding).toMatchObject({
    title: 'etcd was restarted by Talos',
    remedies: [{ command: 'talosctl logs etcd' }],
  });
});
