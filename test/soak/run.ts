import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scriptArguments } from '../support/script-arguments.ts';
import { chartOf } from './chart.ts';
import { compressed } from './compressed.ts';
import type { Look } from './figures.ts';
import { soak } from './soak.ts';
import { cpuShares, failuresOf, hourFailure, rowsOf, tableOf } from './verdict.ts';

const usage = `usage: npm run soak -- [--hours 1.25] [--seed N] [--looks FILE] [--memory-mib N] [--busy LOOPS]
       npm run soak -- --compressed [--hours 24] [--seed N] [--snapshots FOLDER]

Runs rtwatch in a terminal on a dockerd and a containerd of its own, on which containers come and go and faults come and heal, and
prints what it used over the time. FILE gets each look, a JSON line every ten seconds. --memory-mib limits both processes of
rtwatch with a control group; --busy runs loops beside it that only use a core. It needs root, and what test/engine/prepare installs.

With --compressed, the Samples of a day go through model, rules, findings, the last hour and a recording without waiting, and the heap is
measured after each hour; into FOLDER, a heap snapshot of each.

Exit: 0 nothing grew after the warm-up, 1 it did, 64 bad usage.`;

/** A shorter run warms up to its end. */
const judgedHours = 0.5;

const { values } = scriptArguments(
  {
    options: {
      hours: { type: 'string' },
      compressed: { type: 'boolean', default: false },
      snapshots: { type: 'string' },
      'memory-mib': { type: 'string' },
      busy: { type: 'string', default: '0' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
      looks: { type: 'string' },
      apart: { type: 'boolean', default: false },
    },
  },
  usage,
);
const hours = Number(values.hours ?? (values.compressed ? 24 : 1.25));
if (!(hours > 0)) {
  process.stderr.write(`soak: "${values.hours}" is no number of hours\n${usage}\n`);
  process.exitCode = 64;
} else if (values.compressed) process.exitCode = await runCompressed();
else if (values.apart) process.exitCode = await run();
else startApart();

/** As a node of its own: what else the machine does is not seen (`test/engine/apart`). */
function startApart(): void {
  const apart = path.join(import.meta.dirname, '../engine/apart');
  const own = [
    process.execPath,
    import.meta.filename,
    '--apart',
    `--hours=${hours}`,
    `--seed=${values.seed}`,
    `--busy=${values.busy}`,
  ];
  if (values['memory-mib'] !== undefined) own.push(`--memory-mib=${values['memory-mib']}`);
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
    memoryBytes: values['memory-mib'] === undefined ? null : Number(values['memory-mib']) * 2 ** 20,
    busy: Number(values.busy),
    onLook: (look) => {
      if (values.looks !== undefined) fs.appendFileSync(values.looks, `${JSON.stringify(look)}\n`);
      if (look.seconds < minutes * 60) return;
      minutes = Math.floor(look.seconds / 60) + 1;
      process.stdout.write(`${lineOf(look)}\n`);
    },
  });
  const rows = rowsOf(report.looks);
  const failures = [report.failure ?? [], hours < judgedHours ? [] : failuresOf(rows)].flat();
  process.stdout.write(`\n${chartsOf(report.looks).join('\n\n')}\n\n${tableOf(rows)}\n\n`);
  process.stdout.write(`${[...report.counts].map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
  for (const failure of failures) process.stdout.write(`NOT KEPT: ${failure}\n`);
  // Its other end waits for this process to exit: read on, each would wait for the other.
  process.stdin.destroy();
  return failures.length === 0 ? 0 : 1;
}

async function runCompressed(): Promise<number> {
  process.stdout.write(
    `soak: ${hours} h of Samples, seed ${values.seed}\nhour  heap MiB  buffers MiB  past MiB  findings  CPU s\n`,
  );
  const looks = await compressed({
    hours,
    seed: Number(values.seed),
    snapshots: values.snapshots ?? null,
    onLook: ({ hour, heapBytes, bufferBytes, pastBytes, findings, cpuSeconds }) => {
      const mebibytes = [heapBytes, bufferBytes, pastBytes].map((bytes) => (bytes / 2 ** 20).toFixed(1));
      const cells = [`${hour}`, ...mebibytes, `${findings}`, cpuSeconds.toFixed(0)];
      process.stdout.write(
        `${cells.map((cell, column) => cell.padStart([4, 8, 11, 8, 8, 5][column] ?? 8)).join('  ')}\n`,
      );
    },
  });
  const failure = hourFailure(looks);
  process.stdout.write(failure === null ? 'nothing grew\n' : `NOT KEPT: ${failure}\n`);
  return failure === null ? 0 : 1;
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
    chart('pages of V8 in the screen, MiB', ({ screen }) => mebibytes(screen.pagesBytes)),
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
