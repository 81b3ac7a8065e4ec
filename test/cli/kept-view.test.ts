import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveView } from '../../src/app/save-view.ts';
import { keptView } from '../../src/cli/kept-view.ts';
import { initialState } from '../../src/view/terminal/state.ts';

const program = [process.execPath, path.join(import.meta.dirname, '../../src/cli/main.ts')];
let home = '';
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-kept-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));
const options = { color: true, mouse: true };
const kept = (more: { panes?: string[] } = {}) => keptView({ ...options, ...more }, { XDG_STATE_HOME: home });

test('is written in the state directory, replaced as a whole, and read at the next start', async () => {
  expect(kept().view).toBeNull();
  const target = { ...kept(), command: [...program, 'new-file', '--replace'] };
  await saveView({ ...initialState(), shown: ['disks', 'mounts'] }, target);
  await saveView(initialState({ panes: ['mounts'], sort: {}, tree: true }), target);
  expect(kept().view).toEqual({ panes: ['mounts'], sort: {}, tree: true });
  expect(fs.readdirSync(path.join(home, 'rtwatch'))).toEqual(['view.json']);
});

test('gives way to the panes of the option or the setting, and keeps the rest', () => {
  fs.mkdirSync(path.join(home, 'rtwatch'));
  fs.writeFileSync(path.join(home, 'rtwatch/view.json'), '{"panes":["mounts"],"tree":true}');
  expect(kept({ panes: ['disks', 'daemons'] }).view).toEqual({ panes: ['disks', 'daemons'], sort: {}, tree: true });
});

test('that is broken is none', () => {
  fs.mkdirSync(path.join(home, 'rtwatch'));
  fs.writeFileSync(path.join(home, 'rtwatch/view.json'), '{"panes":');
  expect(kept().view).toBeNull();
});

test('a pane that does not exist is named with those that do', () => {
  expect(() => kept({ panes: ['pods'] })).toThrow('--panes pods: no such pane; the panes are daemons, containers');
});

test('a file that cannot be replaced leaves nothing beside it', () => {
  fs.mkdirSync(path.join(home, 'view.json'));
  const [node = '', ...words] = [...program, 'new-file', '--replace', path.join(home, 'view.json')];
  const { status, stderr } = spawnSync(node, words, { input: '{}', encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('view.json');
  expect(fs.readdirSync(home)).toEqual(['view.json']);
});
