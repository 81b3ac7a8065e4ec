import { describe, expect, test } from 'vitest';
import { MountTables, type WantedTable } from '../../../src/collect/mounts/tables.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

const root = '27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n';
const netns = (name: string): string => `95 27 0:4 net:[4026532190] /run/docker/netns/${name} rw - nsfs nsfs rw\n`;
const layer = 'ab'.repeat(32);
const own = `112 62 0:50 / / rw master:3 - overlay overlay rw,upperdir=/var/lib/docker/overlay2/${layer}/diff\n`;

/** A node with one process in each namespace, on a clock that a read of `mountinfo` moves by so many milliseconds. */
class Node {
  readonly tree = new Tree();
  readonly read: number[] = [];
  readonly world: World;
  readonly tables: MountTables;
  readCosts = 10;
  #at = 0;

  constructor() {
    const node = this;
    this.world = new (class extends World {
      override readText(path: string, risky?: boolean): string {
        const pid = /\/(\d+)\/mountinfo$/.exec(path)?.[1];
        if (pid !== undefined) {
          node.#at += node.readCosts;
          node.read.push(Number(pid));
        }
        return super.readText(path, risky);
      }
    })(this.tree.roots);
    this.tables = new MountTables(this.world, () => this.#at);
  }

  namespace(pid: number, mountinfo: string): this {
    this.tree.process(pid, {}, { mountinfo });
    return this;
  }

  /** The pids that were read in one look at all namespaces. */
  look(change: (wanted: WantedTable) => Partial<WantedTable> = () => ({})): number[] {
    const table = new ProcessTable(this.world, () => 0);
    table.scan();
    const wanted = [...table.entries.values()]
      .sort((a, b) => a.stat.pid - b.stat.pid)
      .map((entry) => ({
        inode: `${entry.stat.pid}`,
        home: entry.stat.pid === 1,
        entries: [entry],
        signature: 'same',
      }));
    this.read.length = 0;
    this.tables.read(wanted.map((one) => ({ ...one, ...change(one) })));
    return [...this.read];
  }
}

const crowded = (mountinfo: string): Node => {
  const node = new Node().namespace(1, root);
  for (let pid = 10; pid < 40; pid++) node.namespace(pid, mountinfo);
  return node;
};

describe('on a node whose namespaces can be read in no time', () => {
  test('all are read in every poll', () => {
    const node = crowded(root);
    node.readCosts = 0.5;
    expect(node.look()).toHaveLength(31);
    expect(node.look()).toHaveLength(31);
  });
});

describe('on a crowded node', () => {
  test('all are read in the first poll, and then some, the longest unread first', () => {
    const node = crowded(root);
    expect(node.look()).toHaveLength(31);
    const [first, second, third, fourth] = [node.look(), node.look(), node.look(), node.look()];
    expect(first).toEqual([1, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(second).toEqual([1, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(new Set([...first, ...second, ...(third ?? []), ...(fourth ?? [])]).size).toBe(31);
  });

  test('containers’ own namespaces do not hold up the others, and have their turn too', () => {
    const node = crowded(own);
    for (let pid = 50; pid < 55; pid++) node.namespace(pid, root);
    node.look();
    expect(node.look()).toEqual([1, 50, 51, 52, 53, 54, 10, 11]);
    expect(node.look()).toEqual([1, 50, 51, 52, 53, 54, 12, 13]);
  });

  test('a container that holds mounts of others is not left behind', () => {
    const node = crowded(own).namespace(60, own + netns('a'));
    node.look();
    expect(node.look()).toContain(60);
    expect(node.look()).toContain(60);
  });

  test('a new namespace and one whose shims changed are read at once', () => {
    const node = crowded(root);
    node.look();
    node.namespace(70, root);
    const read = node.look(({ inode }) => (inode === '39' ? { signature: 'other' } : {}));
    expect(read.slice(0, 3).toSorted()).toEqual([1, 39, 70]);
  });

  test('more are read after something was mounted at home, as the copies follow', () => {
    const node = crowded(root);
    node.look();
    expect(node.look()).toHaveLength(9);
    node.namespace(1, root + netns('b'));
    expect(node.look()).toHaveLength(11);
  });

  test('new ones that come by the hundred take turns, and say so', () => {
    const node = new Node().namespace(1, root);
    node.look();
    for (let pid = 100; pid < 200; pid++) node.namespace(pid, root);
    expect(node.look().length).toBeLessThan(20);
    expect(node.tables.of('199').mounts).toEqual({
      status: 'pending',
      forMs: 0,
      detail: 'not read yet',
    });
    for (let looks = 0; looks < 10; looks++) node.look();
    expect(node.tables.of('199').mounts.status).toBe('ok');
  });
});

test('one that cannot be read costs that one alone, and is tried again', () => {
  const node = new Node().namespace(1, root).namespace(10, root);
  node.tree.process(11);
  node.look();
  expect(node.tables.of('11').mounts).toMatchObject({ status: 'failed' });
  expect(node.tables.of('10').mounts.status).toBe('ok');
  node.namespace(11, root);
  node.look();
  expect(node.tables.of('11').mounts.status).toBe('ok');
});

test('where the reader hung before another member is asked', () => {
  const tree = new Tree();
  for (const pid of [10, 11]) tree.process(pid, {}, { mountinfo: root + netns(`${pid}`) });
  const world = tree.world();
  world.avoided.push(world.proc('10'));
  const table = new ProcessTable(tree.world(), () => 0);
  table.scan();
  const tables = new MountTables(world, () => 0);
  const entries = [...table.entries.values()].sort((a, b) => a.stat.pid - b.stat.pid);
  tables.read([{ inode: '3', home: false, entries, signature: '' }]);
  expect(tables.of('3').mounts).toMatchObject({ status: 'ok', value: [{ path: '/run/docker/netns/11' }] });
  world.avoided.push(world.proc('11'));
  tables.read([{ inode: '3', home: false, entries, signature: '' }]);
  expect(tables.of('3').mounts).toMatchObject({ status: 'failed', detail: expect.stringContaining('hung before') });
});

test('a member in a chroot is asked only when there is no other, as it does not see the whole', () => {
  const tree = new Tree()
    .process(10, {}, { mountinfo: root, root: '/run/sshd' })
    .process(11, {}, { mountinfo: root + netns('a'), root: '/' });
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const tables = new MountTables(world, () => 0);
  const entries = [...table.entries.values()].sort((a, b) => a.stat.pid - b.stat.pid);
  tables.read([{ inode: '3', home: false, entries, signature: '' }]);
  expect(tables.of('3').total).toBe(2);
  tables.read([{ inode: '3', home: false, entries: entries.slice(0, 1), signature: '' }]);
  expect(tables.of('3').total).toBe(1);
});

test('a mount that is the same in many namespaces is kept once', () => {
  const node = new Node().namespace(1, root + netns('a')).namespace(10, root + netns('a'));
  node.look();
  const [home, copy] = [node.tables.of('1').mounts, node.tables.of('10').mounts];
  if (home.status !== 'ok' || copy.status !== 'ok') throw new Error('not read');
  expect(copy.value[0]).toBe(home.value[0]);
});
