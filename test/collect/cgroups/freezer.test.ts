import { describe, expect, test } from 'vitest';
import { readFreezer } from '../../../src/collect/cgroups/freezer.ts';
import type { Hierarchies } from '../../../src/collect/cgroups/hierarchies.ts';
import { Tree } from '../../support/world.ts';

const path = 'docker/a1b2';
const v1 = (files: Readonly<Record<string, string>>): ReturnType<typeof readFreezer> => {
  const tree = new Tree();
  for (const [name, text] of Object.entries(files)) tree.write(`sys/fs/cgroup/freezer/${path}/${name}`, text);
  return read(tree, 'v1', path);
};
const v2 = (files: Readonly<Record<string, string>>, group = path): ReturnType<typeof readFreezer> => {
  const tree = new Tree();
  for (const [name, text] of Object.entries(files)) tree.write(`sys/fs/cgroup/${group}/${name}`, text);
  return read(tree, 'v2', group);
};

function read(tree: Tree, version: 'v1' | 'v2', group: string): ReturnType<typeof readFreezer> {
  const { sysfs } = tree.roots;
  const hierarchies = {
    version,
    groups: version === 'v2' ? `${sysfs}/fs/cgroup` : `${sysfs}/fs/cgroup/memory`,
    freezer: version === 'v2' ? null : `${sysfs}/fs/cgroup/freezer`,
  } as Hierarchies;
  return readFreezer(tree.process(5100, {}, { sched: 'se.exec_start : 400000.000000\n' }).world(), hierarchies, group);
}

describe('version 1', () => {
  test('a frozen group is reported with its file, its processes, and since when they do not run', () => {
    expect(v1({ 'freezer.state': 'FROZEN\n', 'freezer.self_freezing': '1\n', 'cgroup.procs': '5100\n5101\n' })).toEqual(
      {
        freezer: {
          frozen: true,
          self: true,
          pids: [5100, 5101],
          offCpuSeconds: 600,
          file: `/sys/fs/cgroup/freezer/${path}/freezer.state`,
        },
      },
    );
  });

  test('one that a group above froze says so, and one that does not get all of its tasks frozen is freezing', () => {
    expect(v1({ 'freezer.state': 'FROZEN\n', 'freezer.self_freezing': '0\n' })).toMatchObject({
      freezer: { frozen: true, self: false },
    });
    expect(v1({ 'freezer.state': 'FREEZING\n', 'freezer.self_freezing': '1\n' })).toMatchObject({
      freezer: { frozen: false, self: true },
    });
  });

  test('a thawed one, and one without the files, are nothing to report', () => {
    expect(v1({ 'freezer.state': 'THAWED\n', 'freezer.self_freezing': '0\n' })).toEqual({});
    expect(v1({})).toEqual({});
  });
});

describe('version 2', () => {
  const frozen = { 'cgroup.events': 'populated 1\nfrozen 1\n', 'cgroup.freeze': '1\n', 'cgroup.procs': '5100\n' };

  test('a frozen group is reported with the file that thaws it', () => {
    expect(v2(frozen)).toEqual({
      freezer: {
        frozen: true,
        self: true,
        pids: [5100],
        offCpuSeconds: 600,
        file: `/sys/fs/cgroup/${path}/cgroup.freeze`,
      },
    });
  });

  test('one that was set to freeze and has a task that does not, and one below a frozen one', () => {
    expect(v2({ ...frozen, 'cgroup.events': 'populated 1\nfrozen 0\n' })).toMatchObject({
      freezer: { frozen: false, self: true },
    });
    expect(v2({ ...frozen, 'cgroup.freeze': '0\n' })).toMatchObject({ freezer: { frozen: true, self: false } });
  });

  test('one that runs, the root, and one that is gone are nothing to report', () => {
    expect(v2({ 'cgroup.events': 'populated 1\nfrozen 0\n', 'cgroup.freeze': '0\n' })).toEqual({});
    expect(v2(frozen, '')).toEqual({});
    expect(v2({})).toEqual({});
  });

  test('of a large group only some processes are reported', () => {
    const procs = Array.from({ length: 100 }, (_, n) => 5100 + n).join('\n');
    expect(v2({ ...frozen, 'cgroup.procs': procs }).freezer?.pids).toHaveLength(16);
  });
});
