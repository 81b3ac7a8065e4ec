/**
 * What `rtwatch export` costs while it is scraped every 15 s: CPU time and memory of exporter and sampler. Several checkouts run beside each
 * other, so that what else the machine does disturbs all alike. Each has a runtime file of its own: PSS is that of a node with no other Node.js.
 *
 *     bin/node test/bench/export.ts [--beside CHECKOUT]… [--args='--interval 1s'] [--warm-up 90] [--seconds 180]
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { installProgram } from '../support/install-program.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { childrenOf, machineCpuSeconds, statOf } from './proc.ts';
import { Scratch } from './scratch.ts';
import { formatTable } from './table.ts';

const { values } = scriptArguments({
  options: {
    beside: { type: 'string', multiple: true, default: [] },
    args: { type: 'string', default: '' },
    'warm-up': { type: 'string', default: '90' },
    seconds: { type: 'string', default: '180' },
  },
});
const warmUpSeconds = Number(values['warm-up']);
const seconds = Number(values.seconds);
const scrapeEveryMs = 15_000;

interface Running {
  readonly name: string;
  readonly url: string;
  readonly pids: Readonly<Record<'exporter' | 'sampler', number>>;
  readonly stop: () => void;
}

interface Used {
  readonly exporter: number;
  readonly sampler: number;
}

const scratch = new Scratch();
const running: Running[] = [];
try {
  const own = path.join(import.meta.dirname, '../..');
  for (const [index, checkout] of [own, ...values.beside].entries()) {
    const launcher = installProgram(scratch.of(`program-${index}`), checkout);
    running.push(await start(launcher, index === 0 ? 'this checkout' : checkout));
  }
  const timer = setInterval(() => void scrapeAll(), scrapeEveryMs);
  await sleep(warmUpSeconds * 1000);
  const before = running.map(cpuOf);
  const machine = machineCpuSeconds();
  await sleep(seconds * 1000);
  const percent = (used: number): string => ((used / seconds) * 100).toFixed(2);
  const machineUsed = machineCpuSeconds() - machine;
  const rows = running.map((one, index) => {
    const { exporter, sampler } = cpuOf(one);
    const was = before[index] ?? { exporter: 0, sampler: 0 };
    const cpu = [exporter - was.exporter, sampler - was.sampler];
    const memory = [memoryOf(one.pids.exporter), memoryOf(one.pids.sampler)];
    return [
      one.name,
      ...[...cpu, (cpu[0] ?? 0) + (cpu[1] ?? 0)].map(percent),
      ...memory.map(({ ownMiB }) => ownMiB.toFixed(1)),
      memory.reduce((sum, { pssMiB }) => sum + pssMiB, 0).toFixed(1),
    ];
  });
  clearInterval(timer);
  const titles = ['CPU %: exporter', 'sampler', 'both', 'own MiB: exporter', 'sampler', 'PSS MiB: both'];
  process.stdout.write(`${formatTable([['', ...titles], ...rows])}\n`);
  process.stdout.write(
    `${seconds} s, ${warmUpSeconds} s after the start; all of the machine: ${percent(machineUsed)} %\n`,
  );
} finally {
  for (const { stop } of running) stop();
  await scratch.close();
}

async function start(launcher: string, name: string): Promise<Running> {
  const more = values.args.split(' ').filter((word) => word !== '');
  const child = spawn(launcher, ['export', '--listen=127.0.0.1:0', ...more], {
    cwd: scratch.path,
    env: scratch.env(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${launcher} does not start`);
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /metrics at (http:\S+\/metrics)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    // It has no other child without --record and --textfile.
    const sampler = await waitForChild(pid);
    return { name, url, pids: { exporter: pid, sampler }, stop: () => child.kill('SIGTERM') };
  }
  throw new Error(`${launcher} does not listen`);
}

async function waitForChild(pid: number): Promise<number> {
  for (;;) {
    const [child] = childrenOf(pid);
    if (child !== undefined) return child.pid;
    await sleep(50);
  }
}

/** As Prometheus does. */
async function scrapeAll(): Promise<void> {
  const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' };
  for (const { url } of running) await (await fetch(url, { headers })).text();
}

function cpuOf({ pids }: Running): Used {
  const used = (pid: number): number => {
    const stat = statOf(pid);
    if (stat === null) throw new Error(`process ${pid} has ended`);
    return stat.cpuSeconds;
  };
  return { exporter: used(pids.exporter), sampler: used(pids.sampler) };
}

/** Own: pages that are no file's. */
function memoryOf(pid: number): { readonly ownMiB: number; readonly pssMiB: number } {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { ownMiB: mebibytes('Pss_Anon'), pssMiB: mebibytes('Pss') };
}
