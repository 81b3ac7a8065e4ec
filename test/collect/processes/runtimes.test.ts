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

  test('is a crun also where the kernel names it by the descriptor that it was executed from', () => {
    const kill = cmdline('/usr/bin/crun', '--root=/run/crun', 'kill', id, '15');
    for (const comm of ['3', 'memfd:crun_clon'])
      expect(look(new Tree().process(60, { comm }, kill))).toMatchObject([
        { comm: 'crun', command: 'kill', containerId: id },
      ]);
    expect(look(new Tree().process(60, { comm: '3' }, cmdline('./3', 'run', id)))).toEqual([]);
    expect(look(new Tree().process(60, { comm: 'krun' }, cmdline('[libcrun:krun]', '/bin/httpd', 'run')))).toEqual([]);
  });

  test('is the set-up of a container, of a crun in that container’s control group', () => {
    const words = ['/usr/bin/crun', 'create', '--bundle', '/b', id].join('\0');
    const inside = { cmdline: `${words}\0`, cgroup: `0::/machine.slice/libpod-${id}.scope\n` };
    const beside = { ...inside, cgroup: `0::/machine.slice/libpod-conmon-${id}.scope\n` };
    const tree = new Tree().process(60, { comm: '3' }, beside).process(61, { comm: '3' }, inside);
    expect(look(tree).map(({ command, containerId }) => [command, containerId])).toEqual([
      ['create', id],
      ['init', id],
    ]);
  });

  test('is a youki, but not the workload of a WebAssembly shim, which has the name of its set-up', () => {
    const youki = cmdline('/usr/local/bin/youki', 'create', '--bundle', '/b', id);
    const tree = new Tree()
      .process(60, { comm: 'youki' }, youki)
      .process(61, { comm: 'youki:[1:INTER]', ppid: 60 }, youki)
      .process(62, { comm: 'youki:[2:INIT]' }, cmdline('/usr/local/bin/containerd-shim-spin-v2', '-id', id));
    expect(look(tree).map(({ comm, command }) => [comm, command])).toEqual([
      ['youki', 'create'],
      ['youki:[1:INTER]', 'init'],
    ]);
  });

  test('of hundreds that hang only some are reported', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 200; pid++) tree.process(pid, { comm: 'runc' }, create);
    expect(look(tree)).toHaveLength(64);
  });
});
