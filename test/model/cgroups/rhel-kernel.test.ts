import { expect, test } from 'vitest';
import { kernelFate, readsNokmem } from '../../../src/model/cgroups/rhel-kernel.ts';

test.each([
  ['3.10.0-957.el7.x86_64', 'loses'],
  ['3.10.0-1062.18.1.el7.x86_64', 'loses'],
  ['3.10.0-1075.el7.x86_64', 'claims-repair'],
  ['3.10.0-1127.19.1.el7.x86_64', 'claims-repair'],
  ['3.13.0-170-generic', 'loses'],
  ['3.10.108', 'loses'],
  ['4.0.0', 'spared'],
  ['4.19.25', 'spared'],
  ['6.1.0-13-amd64', 'spared'],
  ['', 'unknown'],
  ['garbage', 'unknown'],
])('the kernel %s is one that: %s', (release, fate) => {
  expect(kernelFate(release)).toBe(fate);
});

test.each([
  ['3.10.0-1062.el7.x86_64', false],
  ['3.10.0-1062.4.el7.x86_64', false],
  ['3.10.0-1062.4.1.el7.x86_64', true],
  ['3.10.0-1062.18.1.el7.x86_64', true],
  ['3.10.0-1127.19.1.el7.x86_64', true],
  ['3.16.0-4-amd64', false],
  ['4.4.0-31-generic', false],
  ['4.5.0', true],
])('the kernel %s reads cgroup.memory=nokmem: %s', (release, reads) => {
  expect(readsNokmem(release)).toBe(reads);
});
