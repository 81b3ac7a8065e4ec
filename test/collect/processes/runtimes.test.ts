import { describe, expect, test } from 'vitest';
import { ProcessContainers } from '../../../src/collect/processes/containers.ts';
import { Runtimes } from '../../../src/collect/processes/runtimes.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { RuntimeProcess } from '../../../src/sample/runtimes.ts';
import { Tree } from '../../support/world.ts';

const id = 'a1'.repeat(32);
const cmdline = (...words: string[]): { cmdline: string; cgroup: string } => ({
  cmdline: `${words.join('\0')}\0`,
  cgroup: '0::/system.slice/containerd.service\n',
});
const create = cmdline('runc', '--root', '/run/runc', 'create', '--bundle', `/run/b/${id}`, id);

/** The uptime of the tree is 1000 s: a start time of 5000 ticks is 950 s ago. */
const look = (tree: Tree): RuntimeProcess[] => {
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  return new Runtimes(world, table, new ProcessContainers(world, table, '6.8')).describe(1000);
};

describe('a runtime that lives for long', () => {
  test('is reported with its command, its container, its parent and what it sleeps in', () => {
    const tree = new Tree()
      .process(50, { comm: 'containerd-shim' })
      .process(60, { comm: 'runc', ppid: 50 }, { ...create, wchan: 'ep_poll' });
    expect(look(tree)).toEqual([
      {
        pid: 60,
        starttime: 5000,
        ppid: 50,
        parentComm: 'containerd-shim',
        comm: 'runc',
        state: 'S',
        ageSeconds: 950,
        command: 'create',
        attached: false,
        containerId: id,
        wchan: 'ep_poll',
      },
    ]);
  });

  test('is reported in whatever state, but not when it is dead', () => {
    for (const state of ['S', 'D', 'T', 'R'])
      expect(look(new Tree().process(60, { comm: 'runc', state }, create))).toHaveLength(1);
    expect(look(new Tree().process(60, { comm: 'runc', state: 'Z' }, create))).toEqual([]);
  });

  test('is not one that is at work for some seconds, nor another program', () => {
    expect(look(new Tree().process(60, { comm: 'runc', starttime: 99_500 }, create))).toEqual([]);
    expect(look(new Tree().process(60, { comm: 'runch' }, create))).toEqual([]);
  });

  test('may be the set-up of a container, which is that of the runtime above it', () => {
    const tree = new Tree()
      .process(60, { comm: 'runc' }, create)
      .process(61, { comm: 'runc:[2:INIT]', ppid: 60 }, { cgroup: '0::/\n' });
    expect(look(tree).map(({ command, containerId }) => [command, containerId])).toEqual([
      ['create', id],
      ['init', id],
    ]);
  });

  test('that waits in D is reported without its command line, which would hang', () => {
    const tree = new Tree().process(60, { comm: 'runc', state: 'D' }, create);
    expect(look(tree)).toMatchObject([{ command: null, containerId: null }]);
  });

  test('in the foreground goes on as long as its container', () => {
    expect(look(new Tree().process(60, { comm: 'runc' }, cmdline('runc', 'run', id)))).toMatchObject([
      { command: 'run', attached: true },
    ]);
    expect(
      look(new Tree().process(60, { comm: 'runc' }, cmdline('runc', 'exec', '--detach', '--pid-file', '/p', id))),
    ).toMatchObject([{ command: 'exec', attached: false }]);
  });

  test('of hundreds that hang only some are reported', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 200; pid++) tree.process(pid, { comm: 'runc' }, create);
    expect(look(tree)).toHaveLength(64);
  });
});
