import { describe, expect, test } from 'vitest';
import type { ProcessValue } from '../../../../src/sample/processes.ts';
import { ok } from '../../../../src/sample/reading.ts';
import type { ShimValue } from '../../../../src/sample/shims.ts';
import { paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import { modelOf, stopLeak } from '../../../support/scenes.ts';

const pane = paneOf('processes');

/** The page about one process, a line each. */
function pageOf(scene: Parameters<typeof modelOf>[0], pid: number): string[] {
  const model = modelOf(scene);
  const row = pane.rows(model)?.find((candidate) => pane.key(candidate).startsWith(`${pid} `));
  return row === undefined
    ? []
    : pane.details(row, plainTheme, model).map((line) => line.map(({ text }) => text).join(''));
}

const sceneOf = (processes: ProcessValue[], shims: ShimValue[] = []) =>
  [0, 1].map((second) =>
    make.sampleAt(second, { processes: ok(make.processes(processes), 1), shims: ok(make.shims({ shims }), 1) }),
  );

const line = (page: string[], label: string): string | undefined =>
  page.find((text) => text.startsWith(label.padEnd(18)))?.slice(18);

describe('the page of a process', () => {
  test.each([
    ['held by a frozen volume', 28_816, 'blocked'],
    ['that nobody reaps', 26_268, 'zombie'],
    ['that is dead but for a thread', 31_007, 'zombie-leader'],
  ])('%s looks as before', async (_, pid, name) => {
    await expect(`${pageOf(stopLeak, pid).join('\n')}\n`).toMatchFileSnapshot(
      `../../../../snapshots/terminal/processes/details-${name}.txt`,
    );
  });

  test('says on which file a system call works, and how the mount is known', () => {
    const syscall = { number: 74, name: 'fsync', fd: 1, file: '/data/log' };
    const page = pageOf(sceneOf([make.blocked(7, { volumes: [make.volume('/data')] }, { syscall })]), 7);
    expect(line(page, 'system call')).toBe('fsync on descriptor 1, /data/log');
    expect(line(page, 'mount')).toBe('/data, from its open file');
    expect(line(page, 'device')).toBe('ext4 on /dev/loop0 (7:0)');
    expect(line(page, 'waits for')).toBe('fsync() on a frozen ext4 filesystem (certain)');
  });

  test('says so when a kill would end the wait', () => {
    const killable = make.blocked(7, { killPending: true }, { wchan: 'kernel_clone', stack: ['kernel_clone'] });
    const page = pageOf(sceneOf([killable]), 7);
    expect(line(page, 'SIGKILL')).toBe('pending; this wait is killable');
    expect(page).toContain(`${' '.repeat(18)}SIGKILL ends this wait`);
  });

  test('says who cannot end before it, and who is above it up to the shim', () => {
    const shim = make.shim(10, {
      state: 'T',
      containers: [make.containerTasks('a1', { tasks: [make.treeTask(20, 10), make.treeTask(21, 20)] })],
    });
    const processes = [make.doomed(20, { ppid: 10 }), make.blocked(21, { ppid: 20 })];
    const page = pageOf(sceneOf(processes, [shim]), 21);
    expect(line(page, 'blocks')).toBe('sh 20 (killed): it cannot exit');
    expect(line(page, 'parents')).toBe('sh 20 ← containerd-shim 10, stopped');
  });

  test('says that root would see more', () => {
    const page = pageOf(sceneOf([make.blocked(7, {}, { wchan: null, stack: null })]), 7);
    expect(line(page, 'waits for')).toContain('unknown (run as root)');
    expect(line(page, 'kernel stack')).toBe('unknown (run as root)');
  });

  test('lets nothing from outside write to the terminal', () => {
    const evil = 'evil\u001b[2J';
    const shim = make.shim(10, {
      comm: evil,
      containers: [make.containerTasks('a1', { tasks: [make.treeTask(20, 10)] })],
    });
    const process = make.blocked(
      21,
      { comm: evil, ppid: 20, parentComm: evil, volumes: [make.volume(`/${evil}`, { source: evil, type: evil })] },
      {
        wchan: evil,
        stack: ['percpu_rwsem_wait', evil],
        syscall: { number: 1, name: evil, fd: 3, file: `/${evil}/x` },
      },
    );
    for (const text of pageOf(sceneOf([make.doomed(20, { ppid: 10, comm: evil }), process], [shim]), 21)) {
      expect(text).not.toContain('\u001b');
    }
  });
});

describe('the column of what a process waits in', () => {
  const column = pane.columns.find(({ id }) => id === 'waits');
  const cell = (process: ProcessValue, width: number): string | undefined => {
    const [row] = pane.rows(modelOf(sceneOf([process]))) ?? [];
    return row === undefined ? undefined : column?.text(row, width, plainTheme);
  };
  const onData = make.blocked(
    7,
    { volumes: [make.volume('/data')] },
    { syscall: { number: 1, name: 'write', fd: 1, file: '/data/x' } },
  );

  test('names the function and the mount where there is room for both, else the mount', () => {
    expect(cell(onData, 40)).toBe('percpu_rwsem_wait · /data frozen');
    expect(cell(onData, 20)).toBe('/data frozen');
  });

  test('marks a mount that the descriptor does not confirm', () => {
    expect(cell(make.blocked(7, { volumes: [make.volume('/data')] }), 40)).toBe('percpu_rwsem_wait · /data frozen?');
  });

  test('names the function alone where nothing more is known', () => {
    expect(cell(make.blocked(7), 20)).toBe('percpu_rwsem_wait');
    expect(cell(make.blocked(7, {}, { wchan: 'odd', stack: ['odd'] }), 40)).toBe('odd');
  });
});
