import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Textfile } from '../../../src/cli/export/textfile.ts';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
let folder = '';
let file = '';
let textfile: Textfile | null = null;
let unusable: string[] = [];
let made = 0;
let firsts = 0;
let fault: string | null = null;
const said = vi.spyOn(process.stderr, 'write');

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-textfile-'));
  file = path.join(folder, 'rtwatch.prom');
  unusable = [];
  firsts = 0;
  fault = null;
  said.mockReset().mockReturnValue(true);
});
afterEach(async () => {
  await textfile?.close();
  textfile = null;
  fs.rmSync(folder, { recursive: true, force: true });
});

const start = (into = folder): void => {
  textfile = new Textfile({
    command: [launcher],
    folder: into,
    text: async () => {
      if (fault !== null) throw new Error(fault);
      return `texts ${++made}\nmore "€"\n`;
    },
    onFirst: () => firsts++,
    onUnusable: (why) => unusable.push(why),
    everyMs: 20,
  });
};
const written = (): string | null => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);

test('the file is always whole, readable by all, and renewed; it goes when nothing keeps it true', async () => {
  start();
  const first = await waitFor('the file', written);
  expect(fs.statSync(file).mode & 0o777).toBe(0o644);
  await waitFor('a newer text', () => {
    const text = written();
    expect(text).toMatch(/^texts \d+\nmore "€"\n$/);
    return text !== first;
  });
  await textfile?.close();
  expect(fs.readdirSync(folder)).toEqual([]);
  expect(unusable).toEqual([]);
  expect(firsts).toBe(1);
});

test('a directory that is not there is unusable', async () => {
  start(path.join(folder, 'none'));
  await waitFor('the complaint', () => unusable.length > 0);
  expect(firsts).toBe(0);
  expect(unusable[0]).toMatch(/none\/rtwatch\.prom cannot be written: there is no directory .*none\. Make it/);
});

test('a directory that goes away is reported once, and used again when it is back', async () => {
  start();
  await waitFor('the file', written);
  fs.renameSync(folder, `${folder}.away`);
  await waitFor('the report', () => said.mock.calls.length > 0);
  const before = made;
  await waitFor('more tries', () => made > before + 2);
  fs.renameSync(`${folder}.away`, folder);
  await waitFor('the end of it', () => said.mock.calls.join('').includes('written again'));
  expect(said.mock.calls.join('').match(/cannot be written/g)).toHaveLength(1);
  expect(unusable).toEqual([]);
});

test('what a writer that was killed left is replaced', async () => {
  fs.writeFileSync(path.join(folder, '.rtwatch.prom.new'), 'half a te');
  start();
  await waitFor('the file', written);
  await textfile?.close();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a text that cannot be made is reported, and the next one is written', async () => {
  fault = 'no text';
  start();
  await waitFor('the report', () => said.mock.calls.join('').includes('rtwatch: no text. It is tried again'));
  fault = null;
  await waitFor('the file', written);
  expect(unusable).toEqual([]);
});
