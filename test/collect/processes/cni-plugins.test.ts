import { describe, expect, test } from 'vitest';
import { CniPlugins } from '../../../src/collect/processes/cni-plugins.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { CniPlugin } from '../../../src/sample/cni.ts';
import { Tree } from '../../support/world.ts';

const sandbox = 'c1'.repeat(32);
const environment = (...words: string[]): { environ: string } => ({ environ: `${words.join('\0')}\0` });
const add = environment(
  'PATH=/usr/bin',
  'HTTPS_PROXY=http://user:secret@proxy',
  'CNI_COMMAND=ADD',
  `CNI_CONTAINERID=${sandbox}`,
  'CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-0',
);

/** The uptime of the tree is 1000 s: a start time of 5000 ticks is 950 s ago. */
const look = (tree: Tree): CniPlugin[] => {
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  return new CniPlugins(world, table).describe(1000);
};

describe('a CNI plugin that lives for long', () => {
  test('is reported with the pod that its environment names, and nothing else of that', () => {
    const tree = new Tree()
      .process(50, { comm: 'containerd' })
      .process(60, { comm: 'my-network', ppid: 50 }, { ...add, 'task/60/wchan': 'unix_stream_data_wait' });
    expect(look(tree)).toEqual([
      {
        pid: 60,
        starttime: 5000,
        ppid: 50,
        parentComm: 'containerd',
        comm: 'my-network',
        state: 'S',
        ageSeconds: 950,
        command: 'ADD',
        sandboxId: sandbox,
        pod: 'shop/cart-0',
        waitsFor: null,
        waits: ['unix_stream_data_wait'],
      },
    ]);
  });

  test('is reported with the plugin below it and the file lock that that one waits for', () => {
    const tree = new Tree()
      .process(50, { comm: 'crio' })
      .process(60, { comm: 'bridge', ppid: 50 }, { ...add, 'task/60/wchan': 'futex_wait_queue' })
      .process(
        61,
        { comm: 'host-local', ppid: 60 },
        {
          'task/61/wchan': 'futex_wait_queue',
          'task/62/wchan': 'flock_lock_inode_wait',
        },
      );
    expect(look(tree)).toMatchObject([{ pid: 60, waitsFor: 'host-local', waits: ['flock_lock_inode_wait'] }]);
  });

  test('waits for no other one while its child is not a program of its own yet', () => {
    const tree = new Tree()
      .process(50, { comm: 'crio' })
      .process(60, { comm: 'bridge', ppid: 50 }, add)
      .process(61, { comm: 'bridge', ppid: 60 });
    expect(look(tree)).toMatchObject([{ pid: 60, waitsFor: null }]);
  });

  test('that is blocked or unreadable is known by its name alone', () => {
    const tree = new Tree()
      .process(50, { comm: 'containerd' })
      .process(60, { comm: 'bridge', ppid: 50, state: 'D' }, add)
      .process(61, { comm: 'unpigz', ppid: 50, state: 'D' })
      .process(62, { comm: 'loopback', ppid: 50 });
    expect(look(tree)).toMatchObject([
      { pid: 60, command: null, sandboxId: null, pod: null },
      { pid: 62, command: null, pod: null },
    ]);
  });

  test('is no other child of a runtime, no young one, and no child of another program', () => {
    const tree = new Tree()
      .process(50, { comm: 'containerd' })
      .process(51, { comm: 'bash' })
      .process(60, { comm: 'unpigz', ppid: 50 }, environment('PATH=/usr/bin'))
      .process(61, { comm: 'containerd', ppid: 50 }, add)
      .process(62, { comm: 'containerd-shim', ppid: 50 }, add)
      .process(63, { comm: 'bridge', ppid: 50, starttime: 99_500 }, add)
      .process(64, { comm: 'bridge', ppid: 51 }, add)
      .process(65, { comm: 'bridge', ppid: 50, state: 'Z' }, add);
    expect(look(tree)).toEqual([]);
  });
});
