import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { copyingTemplate } from '../../src/remote/copied-program.ts';
import { launcher } from '../engine/rtwatch.ts';
import { Scratch } from '../engine/scratch.ts';
import { Terminal } from '../engine/terminal.ts';
import { waitFor } from '../support/wait-for.ts';
import { Sshd } from './sshd.ts';

let scratch: Scratch;
let sshd: Sshd;
let command: string;
/** Of the node. */
let temporary: string;
/** Stands for the one file of a release, which test:release makes: a script that runs this checkout. */
let standIn: string;
beforeAll(async () => {
  scratch = new Scratch();
  temporary = scratch.of('tmp');
  fs.mkdirSync(temporary);
  standIn = scratch.of('stand-in');
  fs.writeFileSync(standIn, `#!/bin/sh\nexec ${launcher} "$@"\n`);
  sshd = await Sshd.start(scratch, 'far', { path: '/usr/local/bin:/usr/bin:/bin', temporary });
  fs.writeFileSync(scratch.of('ssh-config'), sshd.clientConfig('node-1', 'node-2'));
  command = `ssh -F ${scratch.of('ssh-config')} -o BatchMode=yes {node} rtwatch sample`;
});
afterAll(() => scratch.close());

async function open(...args: string[]): Promise<Terminal> {
  const terminal = await Terminal.open(scratch, { columns: 200, rows: 40 });
  await terminal.enter(`${launcher} remote --command '${command}' ${args.join(' ')}`);
  return terminal;
}

test('--copy brings a program to nodes without one, after a question; nothing of it is left there, and a lost connection brings it again', async () => {
  const terminal = await open('--copy-file', standIn, 'node-1', 'node-2');
  await terminal.waitFor('the question', (screen) => /temporary folder of 2 nodes: node-1, node-2/.test(screen));
  expect(fs.readdirSync(temporary)).toEqual([]);
  await terminal.enter('y');
  const isLive = (screen: string): boolean => /node-1 +live/.test(screen) && /node-2 +live/.test(screen);
  await terminal.waitFor('both nodes', isLive);
  expect(fs.readdirSync(temporary)).toEqual([]);
  // A file without a name is brought as well.
  fs.renameSync(standIn, `${standIn}-elsewhere`);
  onTestFinished(() => fs.renameSync(`${standIn}-elsewhere`, standIn));
  sshd.endConnections();
  await terminal.waitFor('the loss', (screen) => /silent/.test(screen));
  await terminal.waitFor('both nodes again', isLive);
  expect(fs.readdirSync(temporary)).toEqual([]);
  await terminal.press('q');
  await terminal.waitFor('the prompt', (screen) => screen.trim().endsWith('#'));
});

test('without a yes nothing is copied, and no screen opens', async () => {
  const terminal = await open('--copy-file', standIn, 'node-1');
  await terminal.waitFor('the question', (screen) => screen.includes('[y/N]'));
  await terminal.press('Enter');
  const screen = await terminal.waitFor('the prompt', (now) => now.trim().endsWith('#'));
  expect(screen).not.toContain('rtwatch remote  ');
  await terminal.enter(`${launcher} remote --copy node-1`);
  await terminal.waitFor('what is missing', (now) => now.includes('Name one of a release with --copy-file FILE'));
});

test('a connection that is lost while the file is copied leaves nothing on the node', async () => {
  const bytes = 1_000_000;
  const template = copyingTemplate(command, { file: '', bytes, machine: null }) ?? '';
  const child = spawn('/bin/sh', ['-c', template.replace('{node}', 'node-1')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => {});
  child.stdin.write('#!/bin/sh\n'.repeat(bytes / 20));
  const copies = (): string[] =>
    fs.readdirSync(temporary).filter((name) => fs.existsSync(`${temporary}/${name}/rtwatch`));
  await waitFor('half of a copy', () => copies().length === 1);
  sshd.endConnections();
  await waitFor('the end of it', () => fs.readdirSync(temporary).length === 0);
  await ended;
});
