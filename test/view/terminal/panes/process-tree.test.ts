import { describe, expect, test } from 'vitest';
import { processTree } from '../../../../src/view/terminal/panes/process-tree.ts';
import { unicodeGlyphs } from '../../../../src/view/terminal/theme/glyphs.ts';
import { paneText, screenText } from '../../../support/render.tsx';
import * as scenes from '../../../support/scenes.ts';

const leak = scenes.modelOf(scenes.stopLeak);
const list = leak.processes?.list ?? [];
const drawn = (rows = list, model = leak): string[] =>
  processTree(rows, model, unicodeGlyphs).map(({ indent, comm, pid }) => `${indent}${comm} ${pid}`);

describe('the process tree', () => {
  test('has every process once, each below its parent', () => {
    const rows = processTree(list, leak, unicodeGlyphs);
    expect(
      rows
        .filter(({ isParent }) => isParent !== true)
        .map(({ pid }) => pid)
        .toSorted(),
    ).toEqual(list.map(({ pid }) => pid).toSorted());
    for (const [index, { ppid, indent = '' }] of rows.entries()) {
      if (indent === '') continue;
      const above = rows.slice(0, index).findLast((row) => (row.indent ?? '').length < indent.length);
      expect(above?.pid).toBe(ppid);
    }
  });

  test('goes up to the shim of the container where that is known', () => {
    const [first] = list;
    if (first === undefined) throw new Error('the scene has no process');
    const shim = {
      pid: 70,
      starttime: 7,
      ageSeconds: 9,
      comm: 'containerd-shim',
      state: 'S',
      waits: [],
      mountNamespace: null,
    };
    const init = {
      pid: 71,
      starttime: 8,
      ppid: 70,
      comm: 'sh',
      state: 'S',
      threads: 1,
      exiting: false,
      killPending: false,
    };
    const tasks = [{ ...init, blockedThreads: 0 }];
    const containers = [{ containerId: 'a9', initPid: 71, count: 2, tasks }];
    const shims = {
      shims: [{ ...shim, bundle: null, runtimeNamespace: null, bundleId: null, containers }],
      orphans: [],
    };
    const model = { ...leak, shims };
    expect(drawn([{ ...first, pid: 72, comm: 'dd', ppid: 71 }], model)).toEqual([
      'containerd-shim 70',
      '└ sh 71',
      '  └ dd 72',
    ]);
  });

  test('keeps the order of its first processes, and names a parent that only its child knows', () => {
    const [first] = list;
    if (first === undefined) throw new Error('the scene has no process');
    const of = (pid: number, ppid: number, parentComm: string | null) => ({
      ...first,
      pid,
      ppid,
      parentComm,
      comm: `p${pid}`,
    });
    expect(drawn([of(3, 1, 'systemd'), of(9, 8, null), of(4, 1, 'systemd')])).toEqual([
      'systemd 1',
      '└ p3 3',
      '└ p4 4',
      '? 8',
      '└ p9 9',
    ]);
  });

  test('ends where pids close a ring', () => {
    const [first] = list;
    if (first === undefined) throw new Error('the scene has no process');
    const ring = [5, 6, 7].map((pid, index) => ({ ...first, pid, ppid: [6, 7, 5][index] ?? 0, comm: `p${pid}` }));
    expect(
      processTree(ring, leak, unicodeGlyphs)
        .map(({ pid }) => pid)
        .toSorted(),
    ).toEqual([5, 6, 7]);
  });

  test('is what the pane shows with T, and its parents say nothing of a wait', () => {
    const text = paneText('processes', leak, '110x14', false, { tree: true });
    expect(text).toMatch(/^│ +\d+ +sleep +│$/m);
    expect(text).toMatch(/└ sleep/);
    expect(text).not.toBe(paneText('processes', leak, '110x14'));
  });

  test('has a page for a parent', () => {
    const parent = processTree(list, leak, unicodeGlyphs).find(({ isParent }) => isParent === true);
    const key = `${parent?.pid} ${parent?.starttime}`;
    const text = screenText(leak, '120x36', {
      state: { page: { kind: 'details', pane: 'processes', key, scroll: 0 } },
    });
    expect(text).toContain('it is a parent of one that is');
  });
});
