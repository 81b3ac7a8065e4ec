import { expect, test } from 'vitest';
import { ContainedProcesses } from '../../../src/collect/processes/contained.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { Tree } from '../../support/world.ts';

const id = 'a1'.repeat(32);
const groupOf = (container: string): string => `0::/system.slice/docker-${container}.scope\n`;

function isContained(tree: Tree, pid: number): boolean {
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const entry = table.entries.get(pid);
  if (entry === undefined) throw new Error(`no process ${pid}`);
  return new ContainedProcesses(world, table).has(entry);
}

test('a process is in a container by its cgroup', () => {
  const tree = new Tree().process(1).process(20, {}, { cgroup: groupOf(id) });
  expect(isContained(tree, 20)).toBe(true);
  expect(isContained(tree, 1)).toBe(false);
});

test('on a node that is a container itself its daemons are not in one', () => {
  const tree = new Tree().process(1, {}, { cgroup: groupOf(id) }).process(20, {}, { cgroup: groupOf(id) });
  expect(isContained(tree, 20)).toBe(false);
  // Docker in Docker without a cgroup namespace: dockerd is the first process.
  expect(isContained(tree, 1)).toBe(false);
});

test('one that is blocked, so that its cgroup is not read, is in a container below a shim', () => {
  const tree = new Tree()
    .process(10, { comm: 'containerd-shim', ppid: 1 })
    .process(20, { ppid: 10, state: 'D' })
    .process(30, { ppid: 20, state: 'D' })
    .process(40, { ppid: 1, state: 'D' });
  expect([20, 30, 40].map((pid) => isContained(tree, pid))).toEqual([true, true, false]);
});

test('one in a container may have the pid namespace of the node', () => {
  const tree = new Tree()
    .process(1)
    .process(20, { comm: 'kubelet' }, { cgroup: groupOf(id), status: 'NSpid:\t20\n' })
    .process(30, { comm: 'kubelet' }, { cgroup: groupOf(id), status: 'NSpid:\t30\t7\n' })
    .process(40, { comm: 'kubelet' }, { cgroup: groupOf(id) });
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const contained = new ContainedProcesses(world, table);
  expect(table.named('kubelet').map((entry) => [contained.has(entry), contained.seesNode(entry)])).toEqual([
    [true, true],
    [true, false],
    [true, false],
  ]);
});

test('one of a guest (LXC, Incus, systemd-nspawn) is in a pid namespace below the node’s', () => {
  const guest = '0::/lxc.payload.101/system.slice/docker.service\n';
  const tree = new Tree()
    .process(1)
    .process(20, {}, { cgroup: guest, status: 'NSpid:\t20\t611\n' })
    .process(30, {}, { cgroup: '0::/system.slice/docker.service\n', status: 'NSpid:\t30\n' });
  expect([20, 30].map((pid) => isContained(tree, pid))).toEqual([true, false]);
});
