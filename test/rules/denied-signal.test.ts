import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const denied = (comm: string, peer: string): string =>
  `audit: type=1400 audit(1438089330.235:1519): apparmor="DENIED" operation="signal" profile="docker-default" pid=12847 comm="${comm}" requested_mask="receive" denied_mask="receive" signal=kill peer="${peer}"`;

test('a confined runc is what newer engines accept', () => {
  const finding = foundInKernelLog('denied-signal', [denied('runc', 'runc')]);
  expect(finding.summary).toContain('Docker 26.1');
  expect(adviceOf(finding)).toContain('Upgrade containerd or Docker');
});

test('for a daemon that a profile of its own confines no upgrade is advised', () => {
  const finding = foundInKernelLog('denied-signal', [denied('kubelet', '/usr/bin/kubelet')]);
  expect(finding.summary).toContain('kubelet may not send a signal');
  expect(finding.summary).not.toContain('26.1');
  expect(adviceOf(finding)).toContain('peer=NAME');
});

test('what a container sends to another is none of it', () => {
  expect(() => foundInKernelLog('denied-signal', [denied('pkill', 'docker-nginx')])).toThrow('no finding');
});
