import { expect, test } from 'vitest';
import type { Line } from '../corpus/log-node.ts';
import { foundInLines } from '../support/kernel-log.ts';

const kubelet = 'kubelet[900]';
const active =
  'E1121 11:58:20.123456     900 transport.go:113] The currently active client certificate has expired, but the server is not responsive. A restart may be necessary to retrieve new initial credentials.';
const atStart =
  'E1121 11:58:20.123456     900 bootstrap.go:266] part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2026-06-11 17:17:20 +0000 UTC';
const noToken =
  'E1121 11:58:20.123456     900 run.go:74] "command failed" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"';
const found = (...messages: readonly string[]) =>
  foundInLines(
    'expired-certificate',
    messages.map((message, n): Line => [100 - n, kubelet, message]),
  );

test('a kubelet that runs with an expired certificate is critical', () => {
  expect(found(active)).toMatchObject({
    severity: 'critical',
    title: 'The client certificate of the kubelet has expired',
    subjects: { daemons: ['kubelet'] },
  });
});

test('so is one that cannot start, or starts again and again', () => {
  expect(found(atStart, noToken)).toMatchObject({ severity: 'critical' });
  expect(found(atStart, atStart, atStart)).toMatchObject({ severity: 'critical' });
});

test('a node that was off for long gets a new certificate with its token', () => {
  expect(found(atStart)).toMatchObject({ severity: 'info' });
});

test('a kubelet that was never joined is another matter', () => {
  expect(() => found(noToken, noToken)).toThrow('no finding');
});
