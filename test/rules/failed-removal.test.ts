import { expect, test } from 'vitest';
import type { Line } from '../corpus/log-node.ts';
import { adviceOf, foundInLines } from '../support/kernel-log.ts';

const pod = '6793dd3d-7e67-468e-9ee3-34f16980a150';
const kept = (ago: number): Line => [
  ago,
  'kubelet[900]',
  `"Failed to delete cgroup paths" cgroupName=["kubepods","burstable","pod${pod}"] err="unable to destroy cgroup paths"`,
];

test('a control group that stays for minutes is looked for under both names', () => {
  const finding = foundInLines('failed-removal', [200, 140, 80, 20].map(kept));
  expect(finding).toMatchObject({ severity: 'warning', title: expect.stringContaining(pod) });
  expect(adviceOf(finding)).toContain("'*pod6793dd3d?7e67?468e?9ee3?34f16980a150*'");
});

test('a control group that a process left late is no alarm', () => {
  expect(foundInLines('failed-removal', [26, 24, 22, 20].map(kept)).severity).toBe('info');
});
