import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collectMounts } from '../../src/collect/mounts.ts';
import { ProcessTable } from '../../src/collect/process-table.ts';
import { World } from '../../src/collect/world.ts';
import type { MountNamespaceValue, MountsValue } from '../../src/sample/mounts.ts';
import { okValue } from '../../src/sample/reading.ts';
import { capturedWorld, Tree } from '../support/world.ts';

function look(world: World): MountsValue {
  const table = new ProcessTable(world);
  table.scan();
  return collectMounts(world, table, 0);
}

const namespace = ({ namespaces }: MountsValue, inode: string): MountNamespaceValue | undefined =>
  namespaces.find((one) => one.inode === inode);

const netns = '114 44 0:4 net:[4026532191] /run/docker/netns/38503be0ea12 rw - nsfs nsfs rw\n';
const root = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n';

describe('on a node where dockerd was started again in a new namespace', () => {
  test('the old shims’ namespace keeps the network namespaces of containers that are gone', () => {
    const value = look(capturedWorld('mount-leak'));
    expect(value.unreadable).toBe(0);
    const old = namespace(value, '4026532186');
    expect(old).toMatchObject({ host: false, processes: 2, total: 10 });
    expect(old?.holders).toEqual([
      { pid: 3568, comm: 'containerd-shim' },
      { pid: 3633, comm: 'containerd-shim' },
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

  test('a namespace whose processes tell no mounts has failed, and is told', () => {
    expect(namespace(look(capturedWorld('mount-leak')), '4026532406')).toMatchObject({
      processes: 1,
      total: 0,
      mounts: { status: 'failed', detail: expect.stringContaining('ENOENT') },
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
  expect(risky).toEqual([world.proc('10/mountinfo'), world.proc('11/mountinfo')]);
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
  expect(look(tree.world())).toEqual({ namespaces: [], unreadable: 0 });
});

test('a link is as good as a file that holds its target', () => {
  const tree = new Tree().process(10, {}, { mountinfo: root });
  fs.mkdirSync(`${tree.roots.procfs}/10/ns`);
  fs.symlinkSync('mnt:[4026531832]', `${tree.roots.procfs}/10/ns/mnt`);
  expect(look(tree.world()).namespaces).toMatchObject([{ inode: '4026531832' }]);
});

test('without the processes there is nothing to tell', () => {
  const world = new Tree().process(1).world();
  expect(() => collectMounts(world, new ProcessTable(world), 0)).toThrow('the source "processes" is off');
});
