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
