/**
 * What an hour's polls leave in the memory of both processes: the real program in a terminal, on a node made of files with 3,000 processes,
 * of which a hundredth is replaced at each poll and a tenth of the new ones is blocked or dead. Four polls a second, so that 3,600
 * take a quarter of an hour.
 *
 *     bin/node test/bench/hour-live.ts [--minutes 15] [--processes 3000]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pty } from '../reliability/pty.ts';
import { samplersOf } from '../reliability/samplers.ts';
import { SickNode } from '../reliability/sick-node.ts';
import { installProgram } from '../support/install-program.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { waitFor } from '../support/wait-for.ts';
import { pssBytesOf, statOf } from './proc.ts';

const { values } = scriptArguments({
  options: { minutes: { type: 'string', default: '15' }, processes: { type: 'string', default: '3000' } },
});
const count = Number(values.processes);
const pollMs = 250;
const polls = Math.round((Number(values.minutes) * 60_000) / pollMs);
const firstPid = 10_000;

const memory = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const folder = fs.mkdtempSync(path.join(memory, 'rtw-hour-'));
const node = new SickNode(folder);
let oldest = firstPid;
let next = firstPid;
while (next < firstPid + count) make();

const command = [
  installProgram(`${folder}/program`),
  ...node.args(),
  '--interval',
  `${pollMs}ms`,
  '--cpu-budget',
  '100',
];
const pty = await Pty.open(folder, command);
process.once('exit', () => {
  pty.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'), { timeoutMs: 60_000 });
console.log(' polls  screen: PSS MiB  CPU s  sampler: PSS MiB  CPU s');
const started = performance.now();
for (let poll = 0; poll <= polls && pty.isOpen; poll++) {
  if (poll % (polls / 15) === 0) report(poll);
  for (let replaced = 0; replaced < count / 100; replaced++) {
    node.remove(`proc/${oldest++}`);
    make();
  }
  node.write('proc/loadavg', `1.00 1.00 1.00 1/${count} ${next}\n`);
  await pause(Math.max(0, started + poll * pollMs - performance.now()));
}
process.exit();

function make(): void {
  const pid = next++;
  node.process({
    pid,
    comm: `worker-${pid % 97}`,
    starttime: pid,
    state: pid % 20 === 0 ? 'D' : pid % 10 === 0 ? 'Z' : 'S',
  });
}

function report(poll: number): void {
  const sampler = samplersOf(pty.pid)[0]?.pid;
  const cells = [pty.pid, sampler].flatMap((pid) =>
    pid === undefined ? ['', ''] : [(pssBytesOf(pid) / 2 ** 20).toFixed(1), (statOf(pid)?.cpuSeconds ?? 0).toFixed(1)],
  );
  console.log([String(poll), ...cells].map((cell, column) => cell.padStart([6, 15, 5, 16, 5][column] ?? 0)).join('  '));
}
