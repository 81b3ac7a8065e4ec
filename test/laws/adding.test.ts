import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { patterns } from '../../src/model/goroutines/patterns/table.ts';
import { rules } from '../../src/rules/rules.ts';
import { logPatternList } from '../../src/sample/log-patterns/patterns.ts';
import { sourceNames } from '../../src/sample/sample.ts';
import { paneIds, paneOf } from '../../src/view/terminal/panes/panes.ts';
import { codeOf, files, sourcesOf } from './source-files.ts';

/** Files that name every one of a kind: the lists into which a new one has to go. */
function listsOf(names: readonly string[]): string[] {
  return files.filter((file) => names.every((name) => words.get(file)?.has(name)));
}

const codes = new Map(files.map((file) => [file, codeOf(file)]));
const words = new Map([...codes].map(([file, code]) => [file, new Set(code.match(/[\w-]+/g))]));
const imports = new Map(files.map((file) => [file, sourcesOf(file)]));
const importersOf = (target: string): string[] => files.filter((file) => imports.get(file)?.includes(target));
const below = (folder: string): string[] =>
  files.filter((file) => file.startsWith(folder) && !file.slice(folder.length).includes('/'));

describe('what it takes to add', () => {
  // Its own files are five: the type of its value, its shape for foreign doors, a parser, a collector, a model.
  test('a source: a line in one list of each room that it passes, and each is a table that the compiler completes', () => {
    expect(listsOf(sourceNames)).toEqual([
      'collect/sources.ts',
      'model/model.ts',
      'sample/sample.ts',
      'sample/schema/sources.ts',
    ]);
  });

  test('a rule: its file, and a line in the list', () => {
    expect(listsOf(rules.map(({ id }) => id))).toEqual(['rules/rules.ts']);
    for (const { id } of rules) expect(importersOf(`rules/${id}.ts`), id).toEqual(['rules/rules.ts']);
  });

  // Tab reaches a pane without a number of its own in `keys.ts`.
  test('a pane: its file, and a line in the list', () => {
    const list = 'view/terminal/panes/panes.ts';
    for (const id of paneIds) expect(importersOf(`view/terminal/panes/${id}.ts`), id).toEqual([list]);
    const naming = listsOf(paneIds).filter((file) => file.startsWith('view/terminal/') || file.startsWith('app/'));
    expect(naming).toEqual([list]);
  });

  test('a column: an entry in its pane', () => {
    for (const id of paneIds) {
      const columns = paneOf(id).columns.map((column) => column.id);
      const naming = listsOf(columns).filter((file) => file.startsWith('view/terminal/'));
      expect(naming, id).toEqual([`view/terminal/panes/${id}.ts`]);
    }
  });

  test('a goroutine pattern: its file or an entry in one, and a line in the list', () => {
    const folder = 'model/goroutines/patterns/';
    const list = `${folder}table.ts`;
    for (const { id } of patterns) {
      const declaring = files.filter((file) => codes.get(file)?.includes(`id: '${id}'`));
      expect(declaring, id).toHaveLength(1);
      expect(importersOf(declaring[0] ?? ''), id).toContain(list);
    }
    expect(listsOf(patterns.map(({ id }) => id))).toEqual([]);
  });

  test('a log pattern: an entry in the file of its theme', () => {
    for (const { id } of logPatternList) {
      const declaring = files.filter((file) => codes.get(file)?.includes(`  '${id}': {`));
      expect(declaring, id).toEqual([expect.stringMatching(/^sample\/log-patterns\//)]);
    }
    expect(listsOf(logPatternList.map(({ id }) => id))).toEqual([]);
  });

  test('a command: its file, and its options in the program', () => {
    const groups = below('cli/program/');
    const program = groups.map(codeOf).join('\n');
    const named = [...program.matchAll(/program\s*\.command\('([\w-]+)[^']*'(, \{ hidden: true \})?/g)];
    const commands = named.map(([, name = '', hidden]) => `${hidden === undefined ? 'commands' : 'children'}/${name}`);
    const modules = [...below('cli/commands/'), ...below('cli/children/')];
    expect(modules).toEqual(expect.arrayContaining(commands.map((command) => `cli/${command}.ts`)));
    expect(modules.filter((file) => !program.includes(`import('../${file.slice('cli/'.length)}')`))).toEqual([]);
    expect(listsOf(commands.map((command) => path.basename(command))).filter((file) => !groups.includes(file))).toEqual(
      [],
    );
  });
});
