import { expect, test } from 'vitest';
import { foundInKernelLog, foundInLines } from '../support/kernel-log.ts';

const killed = (comm: string): string => `Out of memory: Killed process 994 (${comm}) total-vm:907784kB`;

test('a daemon that the kernel names is critical, another process of the node a warning', () => {
  expect(foundInKernelLog('oom-kill', [killed('containerd')])).toMatchObject({
    severity: 'critical',
    title: 'The OOM killer killed a process of containerd',
    subjects: { daemons: ['containerd'] },
  });
  expect(foundInKernelLog('oom-kill', [killed('containerd-shim')])).toMatchObject({ severity: 'warning' });
});

test('a unit that systemd saw killed a second before the kernel’s line belongs to it', () => {
  expect(
    foundInLines('oom-kill', [
      [101, 'systemd[1]', 'docker.service: Main process exited, code=killed, status=9/KILL'],
      [100, 'kernel', killed('java')],
    ]),
  ).toMatchObject({ severity: 'critical', title: expect.stringContaining('docker.service was killed') });
  expect(
    foundInLines('oom-kill', [
      [160, 'systemd[1]', 'docker.service: Main process exited, code=killed, status=9/KILL'],
      [100, 'kernel', killed('java')],
    ]).severity,
  ).toBe('warning');
});

const invoked = 'java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998';

test('the head of a report alone tells a limit from the node, and gives way to the line of the kill', () => {
  const id = 'bf2d7043c1267b4dfd8fdb356653a73070a8db8dfd7e2e4d74700edcaef7b548';
  const limit = foundInKernelLog(
    'oom-kill',
    [invoked, `java cpuset=${id} mems_allowed=0`, ' [<ffffffff811d3a85>] mem_cgroup_oom_synchronize+0x555/0x580'],
    0,
  );
  expect(limit).toMatchObject({
    severity: 'info',
    title: 'The OOM killer acted in the memory cgroup of a container (bf2d7043c126)',
  });
  expect(foundInKernelLog('oom-kill', [invoked])).toMatchObject({
    severity: 'warning',
    title: 'The OOM killer was invoked by java: the node is probably out of memory',
  });
  expect(foundInKernelLog('oom-kill', [invoked, killed('java')]).title).toContain('The node is out of memory');
});

test('what was chosen is named, and the control group of a daemon that was killed', () => {
  const kill = 'Memory cgroup out of memory: Kill process 62685 (bash) score 0 or sacrifice child';
  expect(foundInKernelLog('oom-kill', [kill]).summary).toContain('It chose bash (pid 62685).');
  const group =
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/podruntime.slice,task_memcg=/podruntime.slice/kubelet.service,task=kubelet,pid=989,uid=0';
  expect(foundInKernelLog('oom-kill', [group]).title).toBe(
    'The OOM killer killed kubelet: the memory limit of the control group /podruntime.slice was reached',
  );
});
