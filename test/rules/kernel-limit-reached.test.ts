import { expect, test } from 'vitest';
import type { Line } from '../corpus/log-node.ts';
import { foundInKernelLog, foundInLines } from '../support/kernel-log.ts';
import { idOf } from '../support/samples.ts';

test('a refused allocation of a container is a moment; three in an hour are its limit', () => {
  const cache = `  cache: dentry(12:${idOf('d5')}), object size: 192, buffer size: 192, default order: 0, min order: 0`;
  expect(foundInKernelLog('kernel-limit-reached', [cache])).toMatchObject({
    severity: 'info',
    title: `A limit is reached: kernel memory of a control group (${idOf('d5').slice(0, 12)})`,
    subjects: { containers: [idOf('d5')] },
  });
  expect(foundInKernelLog('kernel-limit-reached', [cache, cache, cache])).toMatchObject({ severity: 'warning' });
});

test('a limit that a whole pod meets is no fault of its sandbox', () => {
  const line =
    'E1121 06:42:01.123456    1234 remote_runtime.go:176] "RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to create containerd task: unable to init seccomp: error loading seccomp filter into kernel: error loading seccomp filter: errno 524"';
  const lines = [300, 200, 100].map((ago): Line => [ago, 'kubelet[900]', line]);
  expect(foundInLines('kernel-limit-reached', lines).summary).toContain('errno 524');
  expect(() => foundInLines('failed-sandbox', lines)).toThrow('no finding');
});
