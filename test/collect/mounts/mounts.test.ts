import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kernelRelease } from '../../../src/collect/host.ts';
import { MountsCollector } from '../../../src/collect/mounts/mounts.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue } from '../../../src/sample/mounts.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { capturedWorld, Tree } from '../../support/world.ts';

function open(world: World): () => MountsValue {
  const table = new ProcessTable(world, () => 0);
  const collector = new MountsCollector(world, table, kernelRelease(world), () => 0);
  return () => {
    table.scan();
    return collector.collect();
  };
}

const look = (world: World): MountsValue => open(world)();

/** How many of a kind a namespace holds. */
function countOf(value: MountsValue, inode: string, type: ContainerMount['type']): number {
  return (okValue(namespace(value, inode)?.mounts) ?? []).filter((mount) => mount.type === type).length;
}

const namespace = ({ namespaces }: MountsValue, inode: string): MountNamespaceValue | undefined =>
  namespaces.find((one) => one.inode === inode);

const netns = '114 44 0:4 net:[4026532191] /run/docker/netns/38503be0ea12 rw - nsfs nsfs rw\n';
const root = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n';

describe('before and after dockerd was started again in a new namespace', () => {
  test('first it shares the shims’ namespace, with six layers and six network namespaces', () => {
    const value = look(capturedWorld('mount-leak-t0'));
    const shared = namespace(value, '4026532186');
    expect(shared?.holders.map(({ kind }) => kind)).toEqual(['daemon', 'daemon', ...Array(6).fill('shim')]);
    expect(countOf(value, '4026532186', 'overlay')).toBe(6);
    expect(countOf(value, '4026532186', 'nsfs')).toBe(6);
  });

  test('then the shims are older than the daemon, and keep the network namespaces without the layers', () => {
    const value = look(capturedWorld('mount-leak-t2'));
    const [old, own] = [namespace(value, '4026532186'), namespace(value, '4026532698')];
    expect(old?.holders.map(({ kind }) => kind)).toEqual(Array(6).fill('shim'));
    expect(own?.holders.map(({ comm, unit }) => `${comm} in ${unit}`)).toEqual([
      'dockerd in docker.service',
      'containerd in docker.service',
    ]);
    expect(countOf(value, '4026532186', 'overlay')).toBe(0);
    expect(countOf(value, '4026532186', 'nsfs')).toBe(6);
    expect(own?.mounts).toMatchObject({ status: 'ok', value: [] });
    const ages = (holders = old?.holders) => (holders ?? []).map(({ ageSeconds }) => ageSeconds);
    expect(Math.min(...ages())).toBeGreaterThan(Math.max(...ages(own?.holders)) + 200);
  });

  test('a container’s own namespace gives its layer, and so whose it is without the engine', () => {
    const value = look(capturedWorld('mount-leak-t2'));
    const [shim] = namespace(value, '4026532186')?.holders ?? [];
    const own = namespace(value, '4026532187');
    expect(own?.holders).toMatchObject([{ kind: 'other', containerId: shim?.containerId, unit: null }]);
    expect(okValue(value.layers)).toHaveLength(6);
    expect(okValue(value.layers)).toContainEqual({ layer: own?.rootLayer, containerId: shim?.containerId });
  });
});

describe('on a node where removals fail, because mounts are held elsewhere', () => {
  const stupig = 'b8623033c748012c4b7b7cc636217c6e8137f6329d8dd3e73816d0383a8e9ac2';
  const web2 = '109e4560f13696b42fa79f30c78ae47d15c2dfe8d3aa8d5e3d8783ad47ec93db';

  test('cadvisor’s namespace first holds a copy of everything, as slaves that unmounts reach', () => {
    const value = look(capturedWorld('mount-busy-t0'));
    expect(countOf(value, '4026531832', 'overlay')).toBe(6);
    expect(countOf(value, '4026531832', 'nsfs')).toBe(6);
    const cadvisor = namespace(value, '4026532624');
    expect(cadvisor).toMatchObject({ rootLayer: expect.stringMatching(/^3a3ec74ece0b/) });
    // With its own `/`, which is not told, 22.
    expect(countOf(value, '4026532624', 'overlay')).toBe(21);
    expect(countOf(value, '4026532624', 'nsfs')).toBe(10);
    const overlays = (okValue(cadvisor?.mounts) ?? []).filter(({ type }) => type === 'overlay');
    expect(new Set(overlays.map(({ propagation }) => propagation))).toEqual(new Set(['master']));
    const host = new Set((okValue(namespace(value, '4026531832')?.mounts) ?? []).map(({ device }) => device));
    for (const { device } of overlays) expect(host).toContain(device);
  });

  test('later the agent’s namespace holds what the host’s has no longer, and is named by its unit', () => {
    const value = look(capturedWorld('mount-busy-t2'));
    expect(namespace(value, '4026532699')).toMatchObject({
      host: false,
      processes: 1,
      rootLayer: null,
      holders: [{ pid: 10695, kind: 'other', unit: 'scan-agent.service', containerId: null }],
    });
    expect(countOf(value, '4026532699', 'overlay')).toBe(8);
    expect(countOf(value, '4026532699', 'nsfs')).toBe(4);
    expect(countOf(value, '4026531832', 'overlay')).toBe(8);
    expect(countOf(value, '4026531832', 'nsfs')).toBe(2);
  });

  test('the layer shows whose a mount is: of a private copy of the whole tree, and under a path of any name', () => {
    const value = look(capturedWorld('mount-busy-t2'));
    const owners = new Map((okValue(value.layers) ?? []).map(({ layer, containerId }) => [layer, containerId]));
    const ownerAt = (inode: string, path: RegExp): (string | undefined)[] =>
      (okValue(namespace(value, inode)?.mounts) ?? [])
        .filter((mount) => path.test(mount.path))
        .map(({ layer }) => owners.get(layer ?? ''));
    expect(ownerAt('4026531832', /^\/mnt\/backup\/overlay2\/992a/)).toEqual([stupig]);
    expect(ownerAt('4026532699', /^\/mnt\/scan\/a$/)).toEqual([web2]);
  });

  test('a container whose shim and processes are gone is known from the engine’s database alone', () => {
    expect(okValue(look(capturedWorld('mount-busy-t2')).layers)).toContainEqual({
      layer: '992a128390c81094e64eaa15767b3ded98d5cd1d06112d3474e5a234ff1bed03',
      containerId: stupig,
    });
  });
});

describe('on a node where dockerd was started again in a new namespace', () => {
  test('the old shims’ namespace keeps the network namespaces of containers that are gone', () => {
    const value = look(capturedWorld('mount-leak'));
    expect(value.unreadable).toBe(0);
    const old = namespace(value, '4026532186');
    expect(old).toMatchObject({ host: false, processes: 2, total: 10 });
    expect(old?.holders).toMatchObject([
      { pid: 3568, comm: 'containerd-shim', kind: 'shim', unit: 'docker.service' },
      { pid: 3633, comm: 'containerd-shim', kind: 'shim', unit: 'docker.service' },
    ]);
    const mounts = okValue(old?.mounts) ?? [];
    expect(mounts).toHaveLength(6);
    for (const mount of mounts) expect(mount).toMatchObject({ type: 'nsfs', device: '0:4', propagation: 'private' });
  });

  test('dockerd’s own namespace has none', () => {
    const own = namespace(look(capturedWorld('mount-leak')), '4026532698');
    expect(own).toMatchObject({ processes: 2, mounts: { status: 'ok', value: [] } });
    expect(own?.holders.map(({ comm }) => comm)).toEqual(['dockerd', 'containerd']);
  });

  test('a container’s own namespace has no mounts to leave behind', () => {
    expect(namespace(look(capturedWorld('mount-leak')), '4026532333')).toMatchObject({
      processes: 1,
      holders: [{ comm: 'sleep' }],
      mounts: { status: 'ok', value: [] },
    });
  });

  test('a namespace whose processes give no mounts has failed, and is reported', () => {
    expect(namespace(look(capturedWorld('mount-leak')), '4026532406')).toMatchObject({
      processes: 1,
      total: 0,
      mounts: { status: 'failed', detail: expect.stringContaining('3654/mountinfo is not there') },
    });
  });
});

describe('on a node whose docker stop hangs', () => {
  test('the daemons’ namespace has a merged mount for each container, and zombies have none', () => {
    const value = look(capturedWorld('stop-leak'));
    const host = namespace(value, '4026531832');
    expect(host?.processes).toBe(5);
    const mounts = okValue(host?.mounts) ?? [];
    expect(mounts.filter(({ type }) => type === 'overlay')).toHaveLength(6);
    expect(mounts.find(({ device }) => device === '0:50')).toMatchObject({
      propagation: 'shared',
      layer: '0814e41f05c1336f043d6f77dfcc689b067aad1abfdcde356d844028c4a4cc9a',
    });
  });
});

describe('on a node with containerd alone', () => {
  test('bundles and shared memory carry their container', () => {
    const mounts = okValue(namespace(look(capturedWorld('containerd-hang')), '4026532177')?.mounts) ?? [];
    const id = '3bc755003b8d331e73e22b1c0df0b438f744605568e2000330f18579ae12059d';
    expect(mounts.filter(({ containerId }) => containerId === id).map(({ type }) => type)).toEqual(['shm', 'overlay']);
  });
});

describe('the host’s namespace', () => {
  const tree = (): Tree =>
    new Tree()
      .process(50, {}, { 'ns/mnt': 'mnt:[7]', mountinfo: root })
      .process(1, {}, { 'ns/mnt': 'mnt:[5]', mountinfo: root })
      .write('proc/self/ns/mnt', 'mnt:[7]');

  test('is that of pid 1', () => {
    expect(
      look(tree().world())
        .namespaces.filter(({ host }) => host)
        .map(({ inode }) => inode),
    ).toEqual(['5']);
  });

  test('is our own where pid 1 may not be asked', () => {
    const world = new (class extends World {
      override readLink(path: string): string {
        if (path.endsWith('/1/ns/mnt')) throw Object.assign(new Error('denied'), { code: 'EACCES' });
        return super.readLink(path);
      }
    })(tree().roots);
    const value = look(world);
    expect(value.unreadable).toBe(1);
    expect(value.namespaces).toMatchObject([{ inode: '7', host: true, processes: 1 }]);
  });
});

test('each namespace is read once, and the read is announced', () => {
  const tree = new Tree();
  for (let pid = 10; pid < 30; pid++) {
    tree.process(pid, {}, { 'ns/mnt': `mnt:[${pid % 2}]`, mountinfo: `${root}${netns}` });
  }
  const world = tree.world();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path);
  const value = look(world);
  expect(risky.filter((path) => path.endsWith('mountinfo'))).toEqual([
    world.proc('10/mountinfo'),
    world.proc('11/mountinfo'),
  ]);
  expect(value.reads).toBe(2);
  expect(value.namespaces).toMatchObject([
    { inode: '0', processes: 10, total: 2 },
    { inode: '1', processes: 10, total: 2 },
  ]);
  expect(namespace(value, '0')?.holders.map(({ pid }) => pid)).toEqual([10, 12, 14, 16, 18, 20, 22, 24]);
});

test('a reader that ended meanwhile is replaced by the next, three times at most', () => {
  const tree = new Tree();
  for (let pid = 10; pid < 16; pid++) tree.process(pid, {}, { 'ns/mnt': 'mnt:[3]' });
  tree.write('proc/12/mountinfo', `${root}${netns}`);
  expect(look(tree.world()).namespaces).toMatchObject([{ total: 2, mounts: { status: 'ok' } }]);
  tree.remove('proc/12/mountinfo').write('proc/13/mountinfo', root);
  expect(look(tree.world()).namespaces).toMatchObject([{ total: 0, mounts: { status: 'failed' } }]);
});

test('kernel threads and zombies are not asked, and one that ended is no error', () => {
  const tree = new Tree()
    .process(2, { flags: 0x20_8040 }, { 'ns/mnt': 'mnt:[1]' })
    .process(3, { state: 'Z' }, { 'ns/mnt': 'mnt:[2]' })
    .process(4)
    .process(5, {}, { 'ns/mnt': 'odd' });
  expect(look(tree.world())).toMatchObject({ namespaces: [], unreadable: 0, reads: 0 });
});

test('a link is as good as a file that holds its target', () => {
  const tree = new Tree().process(10, {}, { mountinfo: root });
  fs.mkdirSync(`${tree.roots.procfs}/10/ns`);
  fs.symlinkSync('mnt:[4026531832]', `${tree.roots.procfs}/10/ns/mnt`);
  expect(look(tree.world()).namespaces).toMatchObject([{ inode: '4026531832' }]);
});

test('without the processes there is nothing to report', () => {
  const world = new Tree().process(1).world();
  expect(() => new MountsCollector(world, new ProcessTable(world, () => 0), '').collect()).toThrow(
    'the source "processes", which is disabled',
  );
});

test('a thread that hangs keeps the namespace of its dead leader, and gives it', () => {
  const value = look(
    new Tree()
      .process(10, { state: 'Z', threads: 2 })
      .thread(10, 11, { state: 'D' }, { 'ns/mnt': 'mnt:[9]', mountinfo: `${root}${netns}` })
      .world(),
  );
  expect(value.namespaces).toMatchObject([{ inode: '9', total: 2, holders: [{ pid: 10 }] }]);
});

test('a process that moves to another namespace is found there in the next poll', () => {
  const tree = new Tree().process(10, {}, { 'ns/mnt': 'mnt:[3]', mountinfo: root });
  const again = open(tree.world());
  again();
  tree.write('proc/10/ns/mnt', 'mnt:[4]');
  expect(again().namespaces.map(({ inode }) => inode)).toEqual(['4']);
});

test('a process that slept for long is asked in turns, and in the next poll when it ran', () => {
  const tree = new Tree()
    .process(10, {}, { 'ns/mnt': 'mnt:[3]', mountinfo: root })
    .process(11, {}, { 'ns/mnt': 'mnt:[3]' });
  const again = open(tree.world());
  for (let poll = 0; poll < 12; poll++) again();
  tree.write('proc/10/ns/mnt', 'mnt:[4]').write('proc/11/ns/mnt', 'mnt:[5]').process(11, { cpuTicks: 1 });
  const inodes = (): (string | undefined)[] => again().namespaces.map(({ inode }) => inode);
  const seen = Array.from({ length: 6 }, inodes);
  expect(seen[2]).toContain('5');
  expect(seen.at(-1)).toEqual(['4', '5']);
});

test('a mount that appears in a foreign namespace is reported in the next poll', () => {
  const tree = new Tree()
    .process(1, {}, { 'ns/mnt': 'mnt:[1]', mountinfo: root })
    .process(10, {}, { 'ns/mnt': 'mnt:[3]', mountinfo: root });
  const again = open(tree.world());
  expect(countOf(again(), '3', 'nsfs')).toBe(0);
  tree.write('proc/10/mountinfo', `${root}${netns}`);
  expect(countOf(again(), '3', 'nsfs')).toBe(1);
});

test.each([
  ['0\n', false],
  ['1\n', true],
])('may_detach_mounts of an old kernel is told: %j', (text, value) => {
  const tree = new Tree().process(1);
  expect(look(tree.world()).mayDetachMounts).toBeNull();
  expect(look(tree.write('proc/sys/fs/may_detach_mounts', text).world()).mayDetachMounts).toBe(value);
});

test('the unit file of the service that the daemon runs in is reported, whatever its name', () => {
  const tree = new Tree()
    .process(10, { comm: 'dockerd' }, { 'ns/mnt': 'mnt:[3]', cgroup: '0::/system.slice/engine.service\n' })
    .write('etc/systemd/system/engine.service', '[Service]\nMountFlags=slave\n');
  expect(look(tree.world()).units).toMatchObject([{ unit: 'engine.service', mountFlags: 'slave' }]);
});
