import { describe, expect, test } from 'vitest';
import { chooseDaemon, DaemonChoice } from '../../../src/collect/daemons/choice.ts';
import { type ProcessEntry, ProcessTable } from '../../../src/collect/processes/table.ts';
import { LiveWorld, listens } from '../../support/live-world.ts';
import { Tree } from '../../support/world.ts';

/** Which containerd is meant; dockerd is pid 10, the oldest containerd pid 20, and pid 30 listens at /run/mine.sock. */
function chosen(cmdline: string | null, dockerd: object = {}): number | undefined {
  const tree = new Tree()
    .process(10, { comm: 'dockerd', ...dockerd })
    .process(20, { comm: 'containerd', starttime: 1 })
    .process(30, { comm: 'containerd', starttime: 2 });
  listens(listens(tree, 20, '/run/containerd/containerd.sock'), 30, '/run/mine.sock');
  if (cmdline !== null) tree.write('proc/10/cmdline', cmdline);
  const world = new LiveWorld({ ...tree.roots, rootfs: '/' });
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const [partner] = table.named('dockerd') as [ProcessEntry];
  return chooseDaemon(world, table.named('containerd'), { url: null, dockerd: partner })?.stat.pid;
}

describe('the containerd that dockerd was configured to use', () => {
  test.each([
    ['in a word of its own', 'dockerd\0--containerd\0/run/mine.sock\0', 30],
    ['in the same word', 'dockerd\0-H\0fd://\0--containerd=/run/mine.sock\0', 30],
    ['as the one of the distribution', 'dockerd\0--containerd=/run/containerd/containerd.sock\0', 20],
    ['as one that is not there', 'dockerd\0--containerd=/run/other.sock\0', undefined],
  ])('is meant when it is told %s', (_, cmdline, pid) => {
    expect(chosen(cmdline)).toBe(pid);
  });

  test.each([
    ['not told', 'dockerd\0--debug\0'],
    ['told without a path', 'dockerd\0--containerd\0'],
    ['not known', null],
  ])('is the oldest when it is %s', (_, cmdline) => {
    expect(chosen(cmdline)).toBe(20);
  });

  test('is not looked for in the command line of a dockerd that is blocked, which could hang', () => {
    expect(chosen('dockerd\0--containerd=/run/mine.sock\0', { state: 'D' })).toBe(20);
  });
});

test('none of none is none', () => {
  expect(chooseDaemon(new Tree().world(), [], { url: null, dockerd: null })).toBeNull();
});

describe('candidates of which none listens where it should', () => {
  /** Whether their descriptors were read, at that second. */
  function asker(tree: Tree): (second: number) => boolean {
    let reads = 0;
    class CountingWorld extends LiveWorld {
      override tryList(path: string): string[] | null {
        reads++;
        return super.tryList(path);
      }
    }
    const world = new CountingWorld({ ...tree.roots, rootfs: '/' });
    const choice = new DaemonChoice();
    return (second) => {
      const table = new ProcessTable(world, () => 0);
      table.scan();
      reads = 0;
      const wanted = { url: 'unix:///run/docker.sock', dockerd: null };
      expect(choice.choose(world, table.named('dockerd'), wanted, second * 1000)).toBeNull();
      return reads > 0;
    };
  }

  test('are looked at in each poll for half a minute, then every ten seconds', () => {
    const looks = asker(listens(new Tree().process(10, { comm: 'dockerd' }), 10, '/run/other.sock'));
    expect([0, 1, 29, 30, 38, 39, 40, 49].map(looks)).toEqual([true, true, true, false, false, true, false, true]);
  });

  test('are looked at anew when another one comes', () => {
    const tree = listens(new Tree().process(10, { comm: 'dockerd' }), 10, '/run/other.sock');
    const looks = asker(tree);
    expect([0, 29, 35].map(looks)).toEqual([true, true, false]);
    listens(tree.process(20, { comm: 'dockerd', starttime: 5 }), 20, '/run/third.sock');
    expect(looks(36)).toBe(true);
  });
});
