import { expect, test } from 'vitest';
import { foundInLines } from '../support/kernel-log.ts';

const late =
  'level=warning msg="Timed out while waiting for StartTransientUnit(docker-5f.scope) completion signal from dbus. Continuing..."';
const failed = 'level=error msg="Timeout waiting for systemd to create docker-5f.scope"';
const fourOf = (text: string) => [90, 70, 50, 30].map((ago) => [ago, 'dockerd[800]', text] as const);

test('a runc that waited one second and went on is a warning about a slow systemd', () => {
  expect(foundInLines('silent-systemd', fourOf(late))).toMatchObject({
    severity: 'warning',
    title: 'systemd answers late on D-Bus',
  });
});

test('a runc that gave up is critical', () => {
  expect(foundInLines('silent-systemd', fourOf(failed))).toMatchObject({ severity: 'critical' });
});

test('a kubelet that lost its connection is restarted; systemd itself is well', () => {
  const closed =
    'E1121 06:42:01.123456 1180 pod_workers.go:191] failed to create container for [kubepods pod3b7a] : dbus: connection closed by user';
  const lines = [90, 70, 50].map((ago) => [ago, 'kubelet[1180]', closed] as const);
  const finding = foundInLines('silent-systemd', lines);
  expect(finding).toMatchObject({ severity: 'critical', title: expect.stringContaining('kubelet') });
  expect(finding.remedies[0]?.text).toContain('Restart the kubelet');
  expect(foundInLines('silent-systemd', lines.slice(0, 1)).severity).toBe('info');
});
