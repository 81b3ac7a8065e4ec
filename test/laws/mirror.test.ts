import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { files, roomOf } from './source-files.ts';

/** Tests of more than one source, each with what it is about. */
const exceptions: Readonly<Record<string, string>> = {
  'app/bundle-action': 'one action from its key to its child',
  'app/live-and-replay': 'the screen over both sources of time',
  'app/keys': 'each key of the table, pressed in the App',
  'app/palette': 'the App and its command palette',
  'app/replay-app': 'the App over a recording',
  'base/numbers': 'the ways to say a number, together',
  'cli/hanging-read': 'the program against a read that hangs',
  'collect/engine/captured': 'answers that real engines gave',
  'model/goroutines/patterns-containerd': 'the patterns of one program',
  'model/goroutines/patterns-dockerd': 'the patterns of one program',
  'model/goroutines/patterns-reports': 'the patterns over stacks of public reports',
  'parse/all-parsers': 'what holds for every parser',
  'parse/go/goroutines/pasted': 'dumps of every form, as people paste them',
  'parse/log/patterns': 'the table of log patterns, as lines are matched with it',
  'rules/docs': 'the rules and their page in the docs',
  'rules/metamorphic': 'what holds for every rule',
  'rules/stuck-container': 'two rules over the same containers',
  'view/slowed': 'one fact in every view',
  'wire/any-sample': 'what holds for every Sample, from the wire to the report',
};

const root = path.join(import.meta.dirname, '..');
const rooms = new Set(files.map(roomOf));
const sources = new Set(
  files.flatMap((file) => {
    const folders = file.split('/').map((_, index, parts) => parts.slice(0, index).join('/'));
    return [file.replace(/\.tsx?$/, ''), ...folders];
  }),
);
const tests = [...rooms]
  .filter((room) => fs.existsSync(path.join(root, room)))
  .flatMap((room) =>
    fs.readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  )
  .flatMap((file) => /^(.+)\.test\.tsx?$/.exec(file)?.[1] ?? []);

/** A test of a whole folder lies beside it or in it, under its name. */
const ofFolder = (name: string): boolean =>
  path.basename(name) === path.basename(path.dirname(name)) && sources.has(path.dirname(name));

test('a test lies where its source lies, under the same name', () => {
  const strays = tests.filter((name) => !sources.has(name) && !ofFolder(name) && exceptions[name] === undefined);
  expect(strays).toEqual([]);
});

test('no exception is left over', () => {
  expect(Object.keys(exceptions).filter((name) => !tests.includes(name))).toEqual([]);
});
