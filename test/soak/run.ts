import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chartOf } from './chart.ts';
import type { Look } from './figures.ts';
import { soak } from './soak.ts';
import { cpuShares, failuresOf, rowsOf, tableOf } from './verdict.ts';

const usage = `usage: npm run soak -- [--hours 1.25] [--seed N] [--looks FILE]

Runs rtwatch in a terminal on a dockerd and a containerd of its own, on which containers come and go and faults come and heal, and
prints what it used over the time. FILE gets each look, a JSON line every ten seconds. It needs root, and what test/engine/prepare
installs. Exit: 0 nothing grew after the warm-up, 1 it did, 64 bad usage.`;

/** A shorter run warms up to its end. */
const judgedHours = 0.5;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1.25' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    looks: { type: 'string' },
    apart: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const hours = Number(values.hours);
if (values.help) process.stdout.write(`${usage}\n`);
else if (!(hours > 0)) {
  process.stderr.write(`soak: "${values.hours}" is no number of hours\n${usage}\n`);
  process.exitCode = 64;
} else if (values.apart) process.exitCode = await run();
else startApart();

/** As a node of its own: what else the machine does is not seen (`test/engine/apart`). */
function startApart(): void {
  const apart = path.join(import.meta.dirname, '../engine/apart');
  const own = [process.execPath, import.meta.filename, '--apart', `--hours=${hours}`, `--seed=${values.seed}`];
  if (values.looks !== undefined) own.push(`--looks=${path.resolve(values.looks)}`);
  // Nobody writes into the pipe: its end tells the run that this process is gone. Killed, it could not thaw what is frozen.
  const child = spawn('unshare', ['--pid', '--fork', '--mount', '--mount-proc', apart, ...own], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.stdin.end());
  child.on('exit', (status) => {
    process.exitCode = status ?? 1;
  });
}

async function run(): Promise<number> {
  const ended = new AbortController();
  process.on('SIGINT', () => ended.abort());
  process.stdin.on('end', () => ended.abort()).resume();
  process.stdout.write(`soak: ${hours} h, seed ${values.seed}\n`);
  let minutes = 0;
  const report = await soak({
    forMs: hours * 3_600_000,
    seed: Number(values.seed),
    signal: ended.signal,
    onLook: (look) => {
      if (values.looks !== undefined) fs.appendFileSync(values.looks, `${JSON.stringify(look)}\n`);
      if (look.seconds < minutes * 60) return;
      minutes = Math.floor(look.seconds / 60) + 1;
      process.stdout.write(`${lineOf(look)}\n`);
    },
  });
  const rows = rowsOf(report.looks);
  const failures = hours < judgedHours ? [] : failuresOf(rows);
  process.stdout.write(`\n${chartsOf(report.looks).join('\n\n')}\n\n${tableOf(rows)}\n\n`);
  process.stdout.write(`${[...report.counts].map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
  for (const failure of failures) process.stdout.write(`NOT KEPT: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function lineOf({ seconds, screen, sampler, children, keyMs }: Look): string {
  const mebibytes = (bytes: number | null | undefined): string => (bytes == null ? '?' : (bytes / 2 ** 20).toFixed(1));
  const of = (name: string, one: Look['sampler']): string =>
    `${name} PSS ${mebibytes(one?.pssBytes)} heap ${mebibytes(one?.heapBytes)} buffers ${mebibytes(one?.bufferBytes)} fds ${one?.fds} threads ${one?.threads} timers ${one?.timers}`;
  return `${Math.round(seconds / 60)} min: ${of('screen', screen)}; ${of('sampler', sampler)}; children ${children}; key ${keyMs.toFixed(0)} ms`;
}

function chartsOf(looks: readonly Look[]): string[] {
  const mebibytes = (bytes: number | null | undefined): number | null => (bytes == null ? null : bytes / 2 ** 20);
  const chart = (title: string, pick: (look: Look) => number | null): string => chartOf(title, looks.map(pick), hours);
  return [
    chart('PSS of the screen, MiB', ({ screen }) => mebibytes(screen.pssBytes)),
    chart('heap of the screen, MiB', ({ screen }) => mebibytes(screen.heapBytes)),
    chart('PSS of the sampler, MiB', ({ sampler }) => mebibytes(sampler?.pssBytes)),
    chart('heap of the sampler, MiB', ({ sampler }) => mebibytes(sampler?.heapBytes)),
    chart('descriptors of both', ({ screen, sampler }) => screen.fds + (sampler?.fds ?? 0)),
    chart('a key, ms', ({ keyMs }) => keyMs),
    chartOf(
      'CPU of the screen, % of a core',
      cpuShares(looks, ({ screen }) => screen),
      hours,
    ),
    chartOf(
      'CPU of the sampler, % of a core',
      cpuShares(looks, ({ sampler }) => sampler),
      hours,
    ),
  ];
}
