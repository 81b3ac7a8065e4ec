import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const panic = (why: string): string => `Kernel panic - not syncing: ${why}`;

test.each([
  ['hung_task: blocked tasks', 'kernel.hung_task_panic'],
  ['softlockup: hung tasks', 'kernel.softlockup_panic'],
  ['Hard LOCKUP', 'kernel.hardlockup_panic'],
  ['RCU Stall', 'kernel.panic_on_rcu_stall'],
  ['Out of memory: system-wide panic_on_oom is enabled', 'vm.panic_on_oom'],
  ['System is deadlocked on memory', 'slab'],
  ['Attempted to kill init! exitcode=0x0000000b', '_PID=1'],
  ['VFS: Unable to mount root fs on unknown-block(0,0)', '/var/crash'],
])('a panic with the reason %j is named, with what can be done', (why, advice) => {
  const finding = foundInKernelLog('kernel-panic', [panic(why), `---[ end ${panic(why)} ]---`]);
  expect(finding).toMatchObject({ severity: 'warning', title: `The kernel panicked: ${why}` });
  expect(finding.summary).toContain('1 line');
  expect(adviceOf(finding)).toContain(advice);
});

test('a panic after a fault is told with the fault', () => {
  const lines = ['Oops: 0000 [#1] SMP', panic('Fatal exception in interrupt')];
  expect(foundInKernelLog('kernel-oops', lines).summary).toContain('The kernel panicked then');
  expect(() => foundInKernelLog('kernel-panic', lines)).toThrow('no finding');
  expect(foundInKernelLog('kernel-panic', lines.slice(1)).title).toContain('Fatal exception in interrupt');
});

test('a crash that a person triggered is silent', () => {
  expect(() => foundInKernelLog('kernel-panic', [panic('sysrq triggered crash')])).toThrow('no finding');
});
