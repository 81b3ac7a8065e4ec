import { expect, test } from 'vitest';
import type { Line } from '../corpus/log-node.ts';
import { adviceOf, foundInLines } from '../support/kernel-log.ts';

test('the file that a sandbox lacks is one word of the command, whatever its name', () => {
  const lines = [50, 35, 20].map(
    (ago): Line => [
      ago,
      'kubelet[900]',
      'Failed create pod sandbox: open /run/x;reboot;resolv.conf: no such file or directory',
    ],
  );
  expect(adviceOf(foundInLines('failed-sandbox', lines))).toContain("'/run/x;reboot;resolv.conf'");
});
