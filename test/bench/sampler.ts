/**
 * What the sampler alone costs beside sleeping processes, and with 0, 50, 500 and 2,000 containers of an engine that a socket
 * stands for: CPU time, bytes a second to the screen, memory; and the CPU time of what reads them without drawing: the wire, the model
 * and the rules.
 *
 *     bin/node test/bench/sampler.ts [--seconds 20] [--containers 0,50,500,2000] [--sleepers 200]
 *                                    [--against OTHER/main.js] [--flags="--no-turbofan"]...
 *
 * With `--against` the sampler of another build runs in the same seconds, writing every list in each line; with `--flags` this
 * build with other flags of the runtime. Below `unshare -pmf --mount-proc` it sees no processes but these.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { samplerCommand } from '../../src/cli/process/self.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { SampleDecoder } from '../../src/wire/sample-decoder.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { listingEngine } from './listing-engine.ts';
import { pssBytesOf, statOf } from './proc.ts';
import { startSleepers } from './sleepers.ts';
import { formatTable } from './table.ts';

const { values } = scriptArguments({
  options: {
    seconds: { type: 'string' },
    containers: { type: 'string' },
    sleepers: { type: 'string' },
    against: { type: 'string' },
    flags: { type: 'string', multiple: true },
    reader: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds ?? 20);
const counts = (values.containers ?? '0,50,500,2000').split(',').map(Number);
/** The program loads, and the first poll of everything is made. */
const startMs = 12_000;
const own = path.join(import.meta.dirname, '../../dist/main.js');
const flags = samplerCommand().slice(1, -1);
const builds = [
  { name: 'this build', command: [...flags, own], options: ['--omit-unchanged'] },
  ...(values.flags ?? []).map((words) => ({
    name: words,
    command: [...words.split(' '), own],
    options: ['--omit-unchanged'],
  })),
  ...(values.against === undefined ? [] : [{ name: 'the other', command: [...flags, values.against], options: [] }]),
];

if (values.reader) await follow();
else await compare();

/** As the screen does, from standard input. */
async function follow(): Promise<void> {
  const [decoder, follower] = [new SampleDecoder(), new NodeFollower()];
  for await (const line of createInterface({ input: process.stdin })) {
    const sample = decoder.decode(line);
    follower.take(sample);
    if (sample.readings.containers !== undefined) follower.judge();
  }
}

async function compare(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-'));
  const rows = [
    ['containers', 'build', 'CPU, % of a core', 'to the screen, B/s', 'PSS, MiB', 'reader’s CPU, % of a core'],
  ];
  const sleepers = await startSleepers(Number(values.sleepers ?? 200));
  try {
    for (const count of counts) rows.push(...(await measure(count, folder)));
    process.stdout.write(`${formatTable(rows)}\n`);
  } finally {
    await sleepers.close();
    fs.rmSync(folder, { recursive: true });
  }
}

async function measure(count: number, folder: string): Promise<string[][]> {
  const socket = path.join(folder, `${count}.sock`);
  const server = listingEngine(count).listen(socket);
  const samplers = builds.map(({ name, command, options }) => {
    const args = [...command, 'sample', '--docker-host', `unix://${socket}`, '--cpu-budget', '100', ...options];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const reader = spawn(process.execPath, [import.meta.filename, '--reader'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdout.pipe(reader.stdin);
    const sampler = { name, pid: child.pid ?? 0, reader: reader.pid ?? 0, child, bytes: 0 };
    child.stdout.on('data', (chunk: Buffer) => {
      sampler.bytes += chunk.length;
    });
    return sampler;
  });
  await sleep(startMs);
  const before = samplers.map(({ pid, reader, bytes }) => ({
    cpuSeconds: cpuSecondsOf(pid),
    reader: cpuSecondsOf(reader),
    bytes,
    at: performance.now(),
  }));
  await sleep(seconds * 1000);
  const measured = samplers.map(({ name, pid, reader, bytes }, i) => {
    const { at = 0, cpuSeconds = 0, reader: read = 0, bytes: first = 0 } = before[i] ?? {};
    const overSeconds = (performance.now() - at) / 1000;
    return [
      `${count}`,
      name,
      ((cpuSecondsOf(pid) - cpuSeconds) / (overSeconds / 100)).toFixed(2),
      ((bytes - first) / overSeconds).toFixed(0),
      (pssBytesOf(pid) / 1024 ** 2).toFixed(1),
      ((cpuSecondsOf(reader) - read) / (overSeconds / 100)).toFixed(2),
    ];
  });
  for (const { child } of samplers) child.kill('SIGTERM');
  server.closeAllConnections();
  server.close();
  return measured;
}

function cpuSecondsOf(pid: number): number {
  const stat = statOf(pid);
  if (stat === null) throw new Error('the sampler ended');
  return stat.cpuSeconds;
}
