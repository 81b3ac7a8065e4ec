import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { contentOf } from '../../src/view/terminal/pages/contents.ts';
import { guarded } from '../../src/view/terminal/panes/guarded.ts';
import type { Pane } from '../../src/view/terminal/panes/pane.ts';
import { paneIds, paneOf } from '../../src/view/terminal/panes/panes.ts';
import { paintLine } from '../../src/view/terminal/parts/line.ts';
import { paneRows } from '../../src/view/terminal/parts/pane-frame.ts';
import { Screen } from '../../src/view/terminal/screen.tsx';
import { rowsOf } from '../../src/view/terminal/state/rows.ts';
import { initialState, type OpenPage } from '../../src/view/terminal/state/state.ts';
import { asciiTheme, live, plainText, plainTheme } from '../support/render.tsx';
import * as scenes from '../support/scenes.ts';
import { temporaryFolder } from '../support/world.ts';
import { expectFits } from './safe-text.ts';

const nodes = [scenes.stopLeak, scenes.bare, scenes.odd, scenes.crowded, scenes.unanswered].map((scene) => {
  const model = scenes.modelOf(scene);
  return { model, verdicts: run(rules, model) };
});

const anyPage: fc.Arbitrary<OpenPage | null> = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: 'help' as const, scroll: 0 }),
  fc.record({
    kind: fc.constant('finding' as const),
    key: fc.constant('?'),
    chosen: fc.nat(3),
    scroll: fc.nat(99),
  }),
  fc.constant({
    kind: 'confirm' as const,
    purpose: 'signal-dump' as const,
    daemon: 'dockerd',
    pid: 1,
    scroll: 0 as const,
    question: ['It will be asked for all its goroutines, which holds it up for a moment. '.repeat(3)],
  }),
);

describe('a terminal of any size', () => {
  test('shows what has room, and never more', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...nodes),
        fc.oneof(
          { weight: 4, arbitrary: fc.integer({ min: 1, max: 130 }) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }) },
        ),
        fc.oneof(
          { weight: 4, arbitrary: fc.integer({ min: 1, max: 45 }) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) },
        ),
        fc.record({ page: anyPage, zoomed: fc.boolean(), focus: fc.constantFrom(...paneIds) }),
        fc.constantFrom(plainTheme, asciiTheme),
        (node, columns, rows, change, theme) => {
          const state = {
            ...initialState(),
            ...change,
            message: { text: 'm'.repeat(columns * 3), tone: 'plain' as const },
          };
          const props = { ...node, state, connection: live, theme, size: { columns, rows } };
          const text = renderToString(<Screen {...props} />, { columns });
          expectFits(text, columns, rows);
          if (theme.ascii) expect(plainText(text)).toMatch(/^[\x20-\x7e\n]*$/);
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('an output that takes no more', () => {
  const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
  /** A node of which nothing is there, and of which nothing is waited for. */
  const nowhere = (): string[] => {
    const folder = temporaryFolder();
    const off = ['containers', 'daemons', 'stacks', 'host'].flatMap((name) => ['--disable', name]);
    return [...off, '--procfs', folder, '--sysfs', folder, '--rootfs', folder, '--docker-host', `unix://${folder}/s`];
  };

  test.each(['check', 'sample'])('is said in a line by %s, with an exit code of its own', (command) => {
    const full = fs.openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(launcher, [command, ...nowhere()], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
      timeout: 100_000,
    });
    fs.closeSync(full);
    expect([status, stderr]).toEqual([74, 'rtwatch: standard output cannot be written: no space left on its disk\n']);
  });

  test.each(['check', 'sample'])('because its reader has gone ends %s without a word', async (command) => {
    const child = spawn(launcher, [command, ...nowhere()], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 100_000 });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.destroy();
    const [status, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      child.on('close', (code, by) => resolve([code, by])),
    );
    expect([typeof status, signal, stderr]).toEqual(['number', null, '']);
  });
});

describe('an exception in a pane', () => {
  const fault = (): never => {
    throw new Error('bad row');
  };
  const sound: Pane<string> = {
    title: 'Disks',
    source: 'disks' as const,
    rows: () => ['a'],
    key: (row) => row,
    label: (row) => row,
    beside: 'left',
    columns: [{ id: 'x', title: 'x', width: 10, text: (row) => row, tone: () => 'plain', by: (row) => row }],
    summary: () => [],
    empty: () => 'none',
    details: () => [],
    notes: () => [],
    below: () => [],
    containerOf: () => null,
    daemonOf: () => null,
    copyOf: () => null,
  };
  const [{ model, verdicts }] = nodes as [(typeof nodes)[0]];
  const drawn = (change: Partial<Pane<string>>): string => {
    const pane = guarded({ ...sound, ...change }) as never;
    const props = { pane, number: 5, model, verdicts, state: { ...initialState().panes.disks, sortBy: 'x' } };
    const shown = { focused: true, typing: false, width: 60, height: 12, bare: false, theme: plainTheme };
    return paneRows({ ...props, ...shown })
      .map((line) => paintLine(line, plainTheme))
      .join('\n');
  };

  test.each(['rows', 'notes', 'below', 'summary'] as const)('in its %s is said there in words', (part) => {
    expect(drawn({ [part]: fault })).toContain('rtwatch bug: bad row');
  });

  test('in a cell leaves the others', () => {
    const bad = { id: 'y', title: 'y', width: 10, text: fault, tone: fault, by: fault };
    expect(drawn({ columns: [...sound.columns, bad] })).toMatch(/a {10}\?/);
  });

  test('in its details is said on the page, and what it is about is nothing', () => {
    const pane = guarded({ ...sound, details: fault, containerOf: fault, daemonOf: fault, copyOf: fault, key: fault });
    expect(pane.details('a', plainTheme, model)).toEqual([[{ text: 'rtwatch bug: bad row', tone: 'warning' }]]);
    expect([pane.containerOf?.('a'), pane.daemonOf?.('a'), pane.copyOf?.('a', model), pane.key('a')]).toEqual([
      ...[null, null, null, '?'],
    ]);
  });

  test('of the program is kept from the screen: each of its panes is guarded', () => {
    const broken = new Proxy(model, {
      get: (target, name) => (name === 'sources' || name === 'at' ? target[name] : fault()),
    });
    for (const id of paneIds) {
      const pane = paneOf(id);
      expect(rowsOf(pane, broken, initialState().panes[id], plainTheme)).toEqual([]);
      expect(JSON.stringify(pane.notes?.(broken, plainTheme, 80, { findings: [], unknown: [] }))).toContain('bad row');
    }
  });
});

describe('an exception in a page', () => {
  test('is said on the page in words', () => {
    const broken = { findings: null as never, unknown: [] };
    const page = { kind: 'finding' as const, key: '', chosen: 0, scroll: 0 };
    const model = scenes.modelOf(scenes.healthy);
    const { lines } = contentOf({ model, verdicts: broken, theme: plainTheme }, page, 80);
    expect(JSON.stringify(lines)).toContain('rtwatch bug: ');
  });
});
