import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type NodeFileLine, readNodeFiles, type WantedFiles } from '../../../src/capture/bundle/node-files.ts';
import { readNode } from '../../../src/capture/bundle/node-reader.ts';
import { program } from '../../cli/bundle-node.ts';
import { holdTime, pass } from '../../collect/stand-in.ts';
import { idOf } from '../../support/samples.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Tree } from '../../support/world.ts';

const none: WantedFiles = { tasks: [], namespaces: [], containers: [], unitFiles: [] };

function read(tree: Tree, wanted: Partial<WantedFiles>, skip: readonly string[] = []): Map<string, string> {
  const lines = [...readNodeFiles(tree.world(), { ...none, ...wanted }, new Set(skip))];
  return new Map(
    lines.flatMap((line: NodeFileLine): [string, string][] => {
      if ('begin' in line) return [];
      return 'file' in line ? [[line.file, line.text]] : [[line.missing, `- ${line.because}`]];
    }),
  );
}

describe('the files of a node', () => {
  test('of each task are those that take no lock of its memory, and never its command line or environment', () => {
    const files = { stack: 'stack', cmdline: 'secret', environ: 'secret', maps: 'secret' };
    const tree = new Tree().process(42, { state: 'D' }, files).thread(42, 43, { state: 'D' }, { wchan: 'wait' });
    const result = read(tree, { tasks: [{ pid: 42, tids: [43] }] });
    expect(result.get('proc/42/stack')).toBe('stack');
    expect(result.get('proc/42/stat')).toContain(' D ');
    expect(result.get('proc/42/task/43/wchan')).toBe('wait');
    expect([...result.values()].join()).not.toContain('secret');
  });

  test('that are not there are named, but for those that not every kernel has', () => {
    const result = read(new Tree(), { tasks: [{ pid: 42, tids: [] }] });
    expect(result.get('proc/42/stat')).toMatch(/^- .*is not there$/);
    expect(result.has('proc/42/sched')).toBe(false);
  });

  test('of a namespace come from the first of its processes that is still there', () => {
    const tree = new Tree().process(7, {}, { mountinfo: 'mounts of 7' });
    const result = read(tree, { namespaces: [{ inode: '4026531840', what: 'shims’', pids: [6, 7] }] });
    expect(result.get('mounts/4026531840.mountinfo')).toBe('mounts of 7');
  });

  test('of a container’s control groups are found in both versions', () => {
    const id = idOf('ab');
    const v1 = new Tree()
      .write(`sys/fs/cgroup/memory/docker/${id}/memory.stat`, 'cache 0')
      .write(`sys/fs/cgroup/blkio/docker/${id}/cgroup.procs`, '42');
    expect(read(v1, { containers: [id] }).get(`cgroup/memory/docker/${id}/memory.stat`)).toBe('cache 0');
    expect(read(v1, { containers: [id] }).get(`cgroup/blkio/docker/${id}/cgroup.procs`)).toBe('42');
    const scope = `system.slice/docker-${id}.scope`;
    const v2 = new Tree()
      .write('sys/fs/cgroup/cgroup.controllers', 'io memory')
      .write(`sys/fs/cgroup/${scope}/io.pressure`, 'some');
    expect(read(v2, { containers: [id] }).get(`cgroup/${scope}/io.pressure`)).toBe('some');
    expect(read(new Tree(), { containers: [id] }).get(`cgroup/${id.slice(0, 12)}`)).toBe(
      '- no cgroup found for this container',
    );
  });
});

describe('the reader of the files', () => {
  test('that hangs is left behind; the file is named and the others are had', async () => {
    const tree = new Tree().process(42).process(43).write('proc/version', 'Linux');
    // Reading a FIFO hangs until someone writes into it, as a read of a sick node does.
    const fifo = `${tree.rootfs}/proc/42/wchan`;
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    holdTime();
    const files = new Map<string, string>();
    const missing = new Map<string, string>();
    const { procfs, sysfs, rootfs } = tree.roots;
    const reading = readNode({
      command: [...program, 'bundle-files', '--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs],
      wanted: {
        ...none,
        tasks: [
          { pid: 42, tids: [] },
          { pid: 43, tids: [] },
        ],
      },
      onFile: (file, text) => files.set(file, text),
      onMissing: (what, because) => missing.set(what, because),
      silenceMs: 1500,
    });
    // It can be opened for writing as soon as the reader is at it, and has said so: then the silence may pass, and not before.
    const { O_WRONLY, O_NONBLOCK } = fs.constants;
    const writer = await waitFor('the reader at the file', () => fs.openSync(fifo, O_WRONLY | O_NONBLOCK));
    onTestFinished(() => fs.closeSync(writer));
    await pass(1500);
    await reading;
    expect(files.get('proc/version')).toBe('Linux');
    expect(files.has('proc/42/stat')).toBe(true);
    expect(files.has('proc/43/stat')).toBe(true);
    expect(missing.get('proc/42/wchan')).toBe('reading it hangs; the other files of this process were skipped');
  });

  test('that cannot be started is the reason', async () => {
    const missing: string[] = [];
    await readNode({
      command: ['/nowhere/node'],
      wanted: none,
      onFile: () => {},
      onMissing: (what, because) => missing.push(`${what}: ${because}`),
    });
    expect(missing).toEqual(['files of the node: the reader process exited: spawn /nowhere/node ENOENT']);
  });

  test('that never says a word is given up at the deadline', async () => {
    const missing: string[] = [];
    await readNode({
      command: ['/bin/sleep', '60'],
      wanted: none,
      onFile: () => {},
      onMissing: (what) => missing.push(what),
      silenceMs: 50,
      deadlineMs: 120,
    });
    expect(missing.at(-1)).toBe('the rest of the files of the node');
  });
});
