import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog, foundInLines } from '../support/kernel-log.ts';

test('a task that holds a CPU for an hour is named, and a reboot advised', () => {
  const finding = foundInKernelLog(
    'kernel-stall',
    ['3707', '3733'].map((seconds) => `watchdog: BUG: soft lockup - CPU#15 stuck for ${seconds}s! [cifsd:17906]`),
    26,
  );
  expect(finding.title).toBe('The kernel stalls: soft lockup of CPU#15 for 1h 2m, by cifsd (pid 17906)');
  expect(adviceOf(finding)).toContain('reboot');
});

test('older kernels count 22 s again and again', () => {
  const line = 'NMI watchdog: BUG: soft lockup - CPU#34 stuck for 22s! [runc:[1:CHILD]:185318]';
  expect(foundInKernelLog('kernel-stall', [line, line, line, line, line], 28).title).toContain(
    'soft lockup of CPU#34 for 1m 52s, by runc:[1:CHILD] (pid 185318)',
  );
  expect(adviceOf(foundInKernelLog('kernel-stall', [line]))).not.toContain('reboot');
});

test('an allocation that failed is no endless one', () => {
  const finding = foundInKernelLog('kernel-stall', ['node_exporter: page allocation failure: order:5, mode:0xd0']);
  expect(finding).toMatchObject({ severity: 'info', title: 'The kernel could not allocate memory for itself' });
});

test('work of the kernel that waits for hours is said, and one report of it is none', () => {
  const line = (seconds: number): string =>
    `BUG: workqueue lockup - pool cpus=3 node=0 flags=0x1 nice=0 stuck for ${seconds}s!`;
  const finding = foundInKernelLog('kernel-stall', [line(23_122), line(23_152)], 30);
  expect(finding).toMatchObject({
    severity: 'warning',
    title: 'The kernel stalls: work of the kernel has waited for 6h 25m on CPU 3 (workqueue lockup)',
  });
  expect(adviceOf(finding)).toContain('reboot');
  expect(foundInKernelLog('kernel-stall', [line(33)])).toMatchObject({
    severity: 'info',
    title: 'The kernel stalls: work of the kernel waits on CPU 3 (workqueue lockup)',
  });
  const pools = [line(63), line(63).replace('cpus=3', 'cpus=0-7')];
  expect(foundInKernelLog('kernel-stall', pools).title).toContain('work of the kernel waits on CPUs 3, 0-7 (');
  expect(foundInKernelLog('kernel-stall', [...pools, line(93)], 30).title).toContain('has waited for 1m 33s (');
  const twice = foundInLines('kernel-stall', [
    [4000, 'kernel', line(63)],
    [200, 'kernel', line(63)],
  ]);
  expect(adviceOf(twice)).not.toContain('reboot');
});

test('a task that held the same CPU at two times, for seconds, held it for seconds', () => {
  const line = 'watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [qemu-kvm:4242]';
  const apart = foundInLines('kernel-stall', [
    [3700, 'kernel', line],
    [100, 'kernel', line],
  ]);
  expect(apart.title).toBe('The kernel stalls: CPUs are held in kernel code: CPU#3 by qemu-kvm (pid 4242)');
  const other = 'watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [cat:77]';
  const over = foundInLines('kernel-stall', [
    [3700, 'kernel', line.replace('23s', '90s')],
    [3674, 'kernel', line.replace('23s', '116s')],
    [100, 'kernel', other],
  ]);
  expect(over.title).toBe('The kernel stalls: CPUs are held in kernel code: CPU#1 by cat (pid 77)');
});

test('CPUs that were held hours ago were not an allocation that failed', () => {
  const line = 'watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [qemu-kvm:4242]';
  const finding = foundInLines('kernel-stall', [[4 * 3600, 'kernel', line]]);
  expect(finding).toMatchObject({ severity: 'info', title: 'The kernel stalled, 4h ago' });
  expect(adviceOf(finding)).not.toContain('compact_memory');
});

test('a virtual machine that was paused is no CPU that is held', () => {
  const line = (cpu: number, seconds: number, who: string): string =>
    `watchdog: BUG: soft lockup - CPU#${cpu} stuck for ${seconds}s! [${who}]`;
  const all = [0, 1, 2, 3].map((cpu) => line(cpu, 1243, cpu === 2 ? 'kubelet:900' : `swapper/${cpu}:0`));
  const paused = foundInKernelLog('kernel-stall', all, 0);
  expect(paused).toMatchObject({
    severity: 'warning',
    title: 'The whole node stood still for 20m 43s: its virtual machine was probably paused',
  });
  expect(adviceOf(paused)).not.toContain('reboot');
  const alone = foundInKernelLog('kernel-stall', [line(0, 1243, 'swapper/0:0')]);
  expect(alone.title).toContain('The whole node stood still');
  // CPUs that wait for one that is held are reported as soon as it.
  const held = foundInKernelLog('kernel-stall', [line(0, 22, 'cilium-agent:77'), line(1, 22, 'kubelet:900')], 0);
  expect(held.title).toContain(
    'CPUs are held in kernel code: CPU#0 by cilium-agent (pid 77), CPU#1 by kubelet (pid 900)',
  );
  const late = foundInKernelLog('kernel-stall', [line(15, 3707, 'cifsd:17906')]);
  expect(late.title).toContain('CPUs are held in kernel code: CPU#15 by cifsd');
});

test('that not one page was free is said, and compacting memory does not help', () => {
  const line = (order: number): string => `swapper/21: page allocation failure: order:${order}, mode:0x20`;
  const finding = foundInKernelLog('kernel-stall', [line(0), line(0)]);
  expect(finding).toMatchObject({
    severity: 'warning',
    title: 'The kernel found no free memory page (page allocation failure of order 0)',
  });
  expect(adviceOf(finding)).not.toContain('compact_memory');
  expect(foundInKernelLog('kernel-stall', [line(0)]).severity).toBe('info');
  expect(foundInKernelLog('kernel-stall', [line(4), line(4)]).severity).toBe('info');
});

test('an allocation that waits for ten seconds is a warning without a second', () => {
  const finding = foundInKernelLog('kernel-stall', [
    'java: page allocation stalls for 12300ms, order:0, mode:0x14280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)',
  ]);
  expect(finding).toMatchObject({ severity: 'warning', title: expect.stringContaining('no memory to give') });
});

test('a report that counts from days before the last one is of the same lockup', () => {
  const line = (seconds: number): string =>
    `watchdog: BUG: soft lockup - CPU#37 stuck for ${seconds}s! [kworker/u256:3:81722]`;
  const finding = foundInLines('kernel-stall', [
    [7200, 'kernel', line(26)],
    [20, 'kernel', line(7206)],
  ]);
  expect(finding).toMatchObject({
    severity: 'warning',
    title: 'The kernel stalls: soft lockup of CPU#37 for 2h, by kworker/u256:3 (pid 81722)',
  });
});

test('a stall of RCU alone holds no CPU that is known', () => {
  const finding = foundInKernelLog('kernel-stall', ['rcu: INFO: rcu_preempt self-detected stall on CPU']);
  expect(finding).toMatchObject({ severity: 'info', title: expect.stringContaining('RCU stall') });
});

test('a daemon whose own request found no memory in one piece is named, other failed requests are not', () => {
  const line = (comm: string, mode: string): string =>
    `${comm}: page allocation failure: order:4, mode:${mode}, nodemask=(null),cpuset=docker.service,mems_allowed=0`;
  const finding = foundInKernelLog('kernel-stall', [line('dockerd', '0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO)')]);
  expect(finding).toMatchObject({
    severity: 'warning',
    title: 'Kernel memory is too fragmented for dockerd: 64 KiB in one piece (order 4) were not found',
  });
  expect(adviceOf(finding)).toContain('compact_memory');
  const old = (comm: string, mode: string): string => `${comm}: page allocation failure: order:4, mode:${mode}`;
  expect(foundInKernelLog('kernel-stall', [old('exe', '0x10c0d0')]).severity).toBe('warning');
  expect(foundInKernelLog('kernel-stall', [old('exe', '0x20')]).severity).toBe('info');
  for (const other of [line('dockerd', '0x40a20(GFP_ATOMIC|__GFP_COMP)'), line('java', '0xdc0(GFP_KERNEL)')])
    expect(foundInKernelLog('kernel-stall', [other]).severity).toBe('info');
});

test('a hard lockup names its CPU, and Linux 3.0 its stall', () => {
  const hard = [
    'NMI watchdog: Watchdog detected hard LOCKUP on cpu 2',
    'NMI watchdog: Watchdog detected hard LOCKUP on cpu 4',
  ];
  expect(foundInKernelLog('kernel-stall', hard, 60)).toMatchObject({
    severity: 'warning',
    title: expect.stringContaining('CPU#2, CPU#4'),
  });
  const old = 'INFO: rcu_sched_state detected stall on CPU 1 (t=60031 jiffies)';
  expect(foundInKernelLog('kernel-stall', [old, old], 60)).toMatchObject({
    severity: 'warning',
    title: expect.stringContaining('RCU stall'),
  });
});
