import { describe, expect, test } from 'vitest';
import { MountHolders } from '../../../src/collect/mounts/holders.ts';
import { ProcessContainers } from '../../../src/collect/processes/containers.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { NamespaceHolder } from '../../../src/sample/mounts.ts';
import { Tree } from '../../support/world.ts';

const id = 'fb'.repeat(32);

function holdersOf(tree: Tree, cgroupIsSafe = true): NamespaceHolder[] {
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const holders = new MountHolders(world, new ProcessContainers(world, table, '6.8'), cgroupIsSafe);
  return holders.describe(holders.sort([...table.entries.values()]), 1000);
}

describe('a process is known by its name', () => {
  test.each([
    ['dockerd', 'daemon'],
    ['dockerd-current', 'daemon'],
    ['containerd', 'daemon'],
    ['crio', 'daemon'],
    ['containerd-shim', 'shim'],
    ['conmon', 'shim'],
    ['docker', 'other'],
    ['nginx', 'other'],
  ])('%s as a %s', (comm, kind) => {
    expect(holdersOf(new Tree().process(10, { comm }))).toMatchObject([{ kind }]);
  });

  test('and pid 1 by its number', () => {
    expect(holdersOf(new Tree().process(1, { comm: 'dockerd' }))).toMatchObject([{ kind: 'init' }]);
  });

  test.each([
    ['its program is a shim', { exe: '/usr/bin/docker-containerd-shim (deleted)' }, 'shim'],
    ['it works in a bundle', { cwd: `/run/docker/libcontainerd/${id}/init` }, 'shim'],
    ['neither', { exe: '/usr/bin/docker-containerd', cwd: '/' }, 'daemon'],
  ])('docker-containerd and its shim, whose names are cut to the same, when %s', (_, files, kind) => {
    expect(holdersOf(new Tree().process(10, { comm: 'docker-containe' }, files))).toMatchObject([{ kind }]);
  });
});

describe('the container', () => {
  test.each([
    ['a shim of Docker’s', `/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/${id}`, id],
    ['a shim of ctr’s', '/run/containerd/io.containerd.runtime.v2.task/default/batch-1', 'batch-1'],
    ['a monitor of podman’s', `/run/containers/storage/overlay-containers/${id}/userdata`, id],
    ['a shim elsewhere', '/', null],
  ])('of %s is that of its bundle', (_, cwd, containerId) => {
    const files = { cwd, cgroup: '0::/system.slice/docker.service\n' };
    expect(holdersOf(new Tree().process(10, { comm: 'containerd-shim' }, files))).toMatchObject([
      { containerId, unit: 'docker.service' },
    ]);
  });

  test('of any other process is that of its control group', () => {
    const tree = new Tree().process(10, {}, { cgroup: `0::/system.slice/docker-${id}.scope\n` });
    expect(holdersOf(tree)).toMatchObject([{ containerId: id, unit: null }]);
  });

  test('of a blocked one is not asked where that may hang', () => {
    const tree = new Tree().process(10, { state: 'D' }, { cgroup: `0::/docker/${id}\n` });
    expect(holdersOf(tree, false)).toMatchObject([{ containerId: null, unit: null }]);
    expect(holdersOf(tree, true)).toMatchObject([{ containerId: id }]);
  });
});

test('daemons and shims are reported before the others, and all of them', () => {
  const tree = new Tree().process(500, { comm: 'containerd' });
  for (let pid = 10; pid < 50; pid++) tree.process(pid, { comm: pid % 2 === 0 ? 'containerd-shim' : 'sleep' });
  const holders = holdersOf(tree);
  expect(holders.map(({ kind }) => kind)).toEqual(['daemon', ...Array(20).fill('shim'), ...Array(8).fill('other')]);
  expect(holders.slice(21).map(({ pid }) => pid)).toEqual([11, 13, 15, 17, 19, 21, 23, 25]);
});

test('the age is that of the process by the node’s uptime', () => {
  expect(holdersOf(new Tree().process(10, { starttime: 25_000 }))).toMatchObject([{ ageSeconds: 750 }]);
});

test('a process is asked once, but a young one again: it is forked first and moved then', () => {
  const tree = new Tree()
    .process(10, { starttime: 1000 }, { cgroup: '0::/a.service\n' })
    .process(11, { starttime: 99_900 }, { cgroup: '0::/a.service\n' });
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const holders = new MountHolders(world, new ProcessContainers(world, table, '6.8'), true);
  const units = () => holders.describe([...table.entries.values()], 1000).map(({ unit }) => unit);
  expect(units()).toEqual(['a.service', 'a.service']);
  for (const pid of [10, 11]) tree.write(`proc/${pid}/cgroup`, '0::/b.service\n');
  expect(units()).toEqual(['a.service', 'b.service']);
});
