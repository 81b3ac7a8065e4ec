import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveView } from '../../../src/app/actions/save-view.ts';
import { keptView } from '../../../src/cli/settings/kept-view.ts';
import { initialState } from '../../../src/view/terminal/state/state.ts';

const program = [process.execPath, path.join(import.meta.dirname, '../../../src/cli/main.ts')];
let home = '';
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-kept-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));
const options = { color: true, mouse: true };
const kept = (more: { panes?: string[] } = {}) => keptView({ ...options, ...more }, { XDG_STATE_HOME: home });

test('is written in the state directory, replaced as a whole, and read at the next start', async () => {
  expect((await kept()).view).toBeNull();
  const target = { ...(await kept()), command: [...program, 'new-file', '--replace'] };
  await saveView({ ...initialState(), shown: ['disks', 'mounts'] }, target);
  await saveView(initialState({ panes: ['mounts'], sort: {}, tree: true }), target);
  expect((await kept()).view).toEqual({ panes: ['mounts'], sort: {}, tree: true });
  expect(fs.readdirSync(path.join(home, 'rtwatch'))).toEqual(['view.json']);
});

test('gives way to the panes of the option or the setting, and keeps the rest', async () => {
  fs.mkdirSync(path.join(home, 'rtwatch'));
  fs.writeFileSync(path.join(home, 'rtwatch/view.json'), '{"panes":["mounts"],"tree":true}');
  expect((await kept({ panes: ['disks', 'daemons'] })).view).toEqual({
    panes: ['disks', 'daemons'],
    sort: {},
    tree: true,
  });
});

test('that is broken is none', async () => {
  fs.mkdirSync(path.join(home, 'rtwatch'));
  fs.writeFileSync(path.join(home, 'rtwatch/view.json'), '{"panes":');
  expect((await kept()).view).toBeNull();
});

test('that is not read in time is none, and the reader is told; a late file of settings too', async () => {
  fs.mkdirSync(path.join(home, 'rtwatch'));
  // A FIFO without a writer stands for a file of a server that does not answer.
  execFileSync('mkfifo', [path.join(home, 'rtwatch/view.json')]);
  const unreadSettings = ['config.toml was not read.'];
  expect(await keptView({ ...options, unreadSettings }, { XDG_STATE_HOME: home })).toMatchObject({
    view: null,
    trouble: expect.stringMatching(
      /^config\.toml was not read\. .*view\.json was not read within 1s.* are the default\.$/,
    ),
  });
});

test('a pane that does not exist is named with those that do', async () => {
  await expect(kept({ panes: ['pods'] })).rejects.toThrow(
    '--panes pods: no such pane; the panes are daemons, containers',
  );
});

test('a file that cannot be replaced leaves nothing beside it', () => {
  fs.mkdirSync(path.join(home, 'view.json'));
  const [node = '', ...words] = [...program, 'new-file', '--replace', path.join(home, 'view.json')];
  const { status, stderr } = spawnSync(node, words, { input: '{}', encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('view.json');
  expect(fs.readdirSync(home)).toEqual(['view.json']);
});
