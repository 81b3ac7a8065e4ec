import { expect, test } from 'vitest';
import { parseConmonCommand, podName } from '../../../src/parse/cri/conmon.ts';

const id = 'a1'.repeat(32);
const words = (...more: string[]): string => `${more.join('\0')}\0`;

test('a conmonrs names the sandbox of its pod', () => {
  const folder = `/var/lib/containers/storage/overlay-containers/${id}/userdata`;
  expect(parseConmonCommand(words('conmonrs', '--runtime', '/usr/bin/runc', '--runtime-dir', folder))).toEqual({
    id,
    engine: 'cri-o',
    bundle: null,
    name: null,
    isPods: true,
    log: null,
  });
  expect(parseConmonCommand(words('conmonrs', '--runtime-dir', '/tmp/x'))).toBeNull();
});

test('a conmon of CRI-O names its container, directory and pod (crio 1.36, internal/oci/runtime_oci.go)', () => {
  const bundle = `/run/containers/storage/overlay-containers/${id}/userdata`;
  const name = 'k8s_app_web-0_shop_5c1d7c52-1a0e-11ee-9d2a-246e967c4efc_2';
  const text = words(
    ...['/usr/bin/conmon', '-b', bundle, '-c', id, '--exit-dir', '/var/run/crio/exits', '-l', '/var/log/pods/x/2.log'],
    ...['--log-level', 'info', '-n', name, '-P', `${bundle}/conmon-pidfile`, '-p', `${bundle}/pidfile`, '-u', id, '-s'],
  );
  expect(parseConmonCommand(text)).toEqual({
    id,
    engine: 'cri-o',
    bundle,
    name,
    isPods: false,
    log: { driver: 'k8s-file', path: '/var/log/pods/x/2.log' },
  });
  expect(podName(id, name)).toEqual({ id, pod: 'web-0', namespace: 'shop', container: 'app', image: null });
  expect(podName(id, name.replace('app', 'POD'))?.container).toBeNull();
});

test('a conmon of Podman names its container (4.3.1)', () => {
  const bundle = `/var/lib/containers/storage/overlay-containers/${id}/userdata`;
  const text = words(
    ...['/usr/bin/conmon', '--api-version', '1', '-c', id, '-u', id, '-r', '/usr/bin/runc', '-b', bundle],
    ...['-n', 'sharp_noether', '--exit-dir', '/run/libpod/exits', '--full-attach', '-s'],
  );
  expect(parseConmonCommand(text)).toEqual({
    id,
    engine: 'podman',
    bundle,
    name: 'sharp_noether',
    isPods: false,
    log: null,
  });
  expect(podName(id, 'sharp_noether')).toBeNull();
});

test.each(['', words('conmon', '--version'), words('conmon', '-c', 'short'), words('conmon', '-c')])(
  'another command line is of no container: %j',
  (text) => expect(parseConmonCommand(text)).toBeNull(),
);

test.each([
  [['-l', 'k8s-file:/run/a:b/ctr.log'], { driver: 'k8s-file', path: '/run/a:b/ctr.log' }],
  [['--log-path=/var/log/pods/x/0.log'], { driver: 'k8s-file', path: '/var/log/pods/x/0.log' }],
  [['-l', 'journald', '-l', 'k8s-file:/run/ctr.log'], { driver: 'k8s-file', path: '/run/ctr.log' }],
  [['-l', 'journald:web-1'], { driver: 'journald', path: null }],
  [['-l', 'none'], { driver: 'none', path: null }],
])('its log is where -l says: %j', (options, log) => {
  expect(parseConmonCommand(words('conmon', '-c', id, ...options))?.log).toEqual(log);
});
