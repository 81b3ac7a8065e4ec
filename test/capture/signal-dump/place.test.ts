import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { type DumpPlace, placeOfContainerd, placeOfDockerd } from '../../../src/capture/signal-dump/place.ts';
import type { ProcessEntry } from '../../../src/collect/processes/table.ts';
import { parsePidStat } from '../../../src/parse/proc/pid/stat.ts';
import { statLine, Tree } from '../../support/world.ts';

const entry: ProcessEntry = {
  stat: parsePidStat(statLine({ pid: 42 })),
  blockedThreads: [],
  isDaemon: false,
  containerId: undefined,
  mountNamespace: undefined,
  quiet: false,
  quietReads: 0,
  seenAt: 1,
  threadsAt: 1,
};

function place(tree: Tree, find: typeof placeOfDockerd, of = entry): Pick<DumpPlace, 'folder' | 'name'> {
  const { folder, name } = find(tree.world(), of);
  return { folder: folder.replace(tree.rootfs, '<root>'), name };
}

const folderOf = (tree: Tree, of = entry): string => place(tree, placeOfDockerd, of).folder;

describe('dockerd writes', () => {
  test.each([
    ['the default', 'dockerd\0-H\0fd://\0', '/var/run/docker'],
    ['its --exec-root', 'dockerd\0--exec-root=/run/mine\0', '/run/mine'],
    ['its --exec-root in a word of its own', 'dockerd\0--exec-root\0/run/mine\0--debug\0', '/run/mine'],
    ['the last --exec-root', 'dockerd\0--exec-root=/a\0--exec-root\0/b\0', '/b'],
    ['its data root where the exec root is set to nothing', 'dockerd\0--exec-root=\0--data-root\0/data\0', '/data'],
    ['its old data root likewise', 'dockerd\0--exec-root\0\0-g\0/data\0', '/data'],
    ['the default data root likewise', 'dockerd\0--exec-root=\0', '/var/lib/docker'],
    ['the default when nothing can be read', '', '/var/run/docker'],
    ['a folder told from where it works', 'dockerd\0--exec-root=state/exec\0', '/srv/state/exec'],
  ])('into %s', (_, cmdline, folder) => {
    const tree = new Tree().write('proc/42/cmdline', cmdline).write('proc/42/cwd', '/srv');
    expect(folderOf(tree)).toBe(`<root>${folder}`);
  });

  test('where its metrics socket is, when its arguments do not say', () => {
    const tree = new Tree()
      .write('proc/42/cmdline', 'dockerd\0--config-file=/etc/mine.json\0')
      .write('proc/42/net/unix', '0: 00000002 00000000 00010000 0001 01 99 /run/mine/metrics.sock\n')
      .write('proc/42/fd/9', 'socket:[99]');
    expect(folderOf(tree)).toBe('<root>/run/mine');
  });

  test('a file with the time in its name', () => {
    const { name } = place(new Tree(), placeOfDockerd);
    expect('goroutine-stacks-2026-11-21T100301Z.log').toMatch(name);
    expect('goroutine-stacks-2026-11-21T110301+0100.log').toMatch(name);
    expect('daemon-data-2026-11-21T100301Z.log').not.toMatch(name);
    expect('goroutine-stacks-2026-11-21T100301Z.log.gz').not.toMatch(name);
  });
});

describe('containerd writes', () => {
  const fileOf = (tree: Tree): string => {
    const { folder, name } = place(tree, placeOfContainerd);
    return `${folder}/${name}`;
  };

  test('into /tmp, by its pid', () => {
    expect(fileOf(new Tree())).toBe('<root>/tmp/containerd.42.stacks.log');
  });

  test('by the pid that it has itself', () => {
    const tree = new Tree().write('proc/42/status', 'Name:\tcontainerd\nNSpid:\t42\t7\nSigQ:\t0/9\n');
    expect(fileOf(tree)).toBe('<root>/tmp/containerd.7.stacks.log');
  });

  test('into its TMPDIR', () => {
    const tree = new Tree().write('proc/42/environ', 'HOME=/root\0TMPDIR=/var/tmp\0');
    expect(fileOf(tree)).toBe('<root>/var/tmp/containerd.42.stacks.log');
  });

  test.each([
    ['its configuration', 'containerd\0', 'etc/containerd/config.toml'],
    ['the configuration that it was told', 'containerd\0--config\0/etc/mine.toml\0', 'etc/mine.toml'],
    ['the configuration that it was told in short', 'containerd\0-c\0/etc/mine.toml\0', 'etc/mine.toml'],
  ])('into the folder of %s, whatever its TMPDIR', (_, cmdline, file) => {
    const tree = new Tree()
      .write('proc/42/environ', 'TMPDIR=/var/tmp\0')
      .write('proc/42/cmdline', cmdline)
      .write(file, 'version = 2\n  temp = "/data/temp"\n[debug]\n  level = "info"\n');
    expect(fileOf(tree)).toBe('<root>/data/temp/containerd.42.stacks.log');
  });

  test('not into what a table of its configuration calls so, nor into an empty one', () => {
    const tree = new Tree().write('etc/containerd/config.toml', 'temp = ""\n[plugins.mine]\ntemp = "/data/temp"\n');
    expect(fileOf(tree)).toBe('<root>/tmp/containerd.42.stacks.log');
  });
});

describe('the command line of a process that is blocked, which could hang, is not read', () => {
  const withExecRoot = (): Tree => new Tree().write('proc/42/cmdline', 'dockerd\0--exec-root=/run/mine\0');
  const blocked = { state: 'D' } as const;

  test.each([
    ['its leader', 42],
    ['another thread', 43],
  ])('when %s waits', (_, tid) => {
    const tree = withExecRoot().thread(42, 42).thread(42, 43);
    expect(folderOf(tree)).toBe('<root>/run/mine');
    expect(folderOf(tree.thread(42, tid, blocked))).toBe('<root>/var/run/docker');
  });

  test('when its threads cannot be read, and the table saw one wait', () => {
    const stat = parsePidStat(statLine({ pid: 42, ...blocked }));
    expect(folderOf(withExecRoot(), { ...entry, stat })).toBe('<root>/var/run/docker');
    expect(folderOf(withExecRoot(), { ...entry, blockedThreads: [stat] })).toBe('<root>/var/run/docker');
  });

  test('but that of one which waits for a moment only, as each does that starts a process, is', () => {
    const tree = withExecRoot().thread(42, 42);
    const world = tree.world();
    const read = vi.spyOn(world, 'readRecord').mockImplementationOnce(() => statLine({ pid: 42, ...blocked }));
    expect(placeOfDockerd(world, { ...entry, stat: parsePidStat(statLine({ ...blocked })) }).folder).toBe(
      `${tree.rootfs}/run/mine`,
    );
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('a path of the process', () => {
  const at = (tree: Tree, folder: string): string =>
    folderOf(tree.write('proc/42/cmdline', `dockerd\0--exec-root=${folder}\0`));

  test('is followed through links as the process follows them, not out of its root', () => {
    const tree = new Tree().write('var/lib/file', '').write('run/docker/file', '');
    fs.symlinkSync('/run', `${tree.rootfs}/var/run`);
    fs.symlinkSync('../../run/./docker', `${tree.rootfs}/var/lib/there`);
    fs.symlinkSync('../../../../../../../../etc', `${tree.rootfs}/var/lib/out`);
    expect(at(tree, '/var/run/docker')).toBe('<root>/run/docker');
    expect(at(tree, '/var/lib/there/')).toBe('<root>/run/docker');
    expect(at(tree, '/var/lib/out/docker')).toBe('<root>/etc/docker');
    expect(at(tree, '/../../etc')).toBe('<root>/etc');
  });

  test('with links in a ring is followed to an end', () => {
    const tree = new Tree();
    fs.symlinkSync('/b', `${tree.rootfs}/a`);
    fs.symlinkSync('/a', `${tree.rootfs}/b`);
    expect(at(tree, '/a/c')).toMatch(/^<root>\/[ab]\/c$/);
  });

  test.each([
    ['below the root of the node, when the node’s first process sees the same mounts', '2', '<root>/run/mine'],
    ['as it is, when we see the same mounts ourselves', '1', '/run/mine'],
    ['through the process, when it has mounts of its own', '3', '<root>/proc/42/root/run/mine'],
  ])('is looked for %s', (_, namespace, folder) => {
    const tree = new Tree()
      .write('proc/self/ns/mnt', 'mnt:[1]')
      .write('proc/1/ns/mnt', 'mnt:[2]')
      .write('proc/42/ns/mnt', `mnt:[${namespace}]`);
    expect(at(tree, '/run/mine')).toBe(folder);
  });
});
