/**
 * What watching costs the node: requests and CPU time in dockerd and containerd, what is read, written and woken up, beside a script that
 * polls as a monitor without events does (a list, and an inspect and the stats of each container, every second). On a real dockerd of its
 * own, as root.
 *
 *     bin/node test/bench/harm.ts [--seconds 60] [--containers 20]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../engine/engine.ts';
import { cleanEnv } from '../engine/rtwatch.ts';
import { Scratch } from '../engine/scratch.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { CountingProxy } from './counting-proxy.ts';
import { statOf } from './proc.ts';

const { values } = scriptArguments({
  options: { seconds: { type: 'string', default: '60' }, containers: { type: 'string', default: '20' } },
});
const seconds = Number(values.seconds);
const containers = Number(values.containers);
const main = path.join(import.meta.dirname, '../../dist/main.js');
/** The program loads, and inspects each container once, before the steady state. */
const warmUpSeconds = 15;

interface Cost {
  /** To dockerd's socket. */
  readonly requests: number;
  readonly dockerdMs: number;
  readonly containerdMs: number;
}

/** Of the processes that watch; what they start is not counted. */
interface OwnCost {
  readonly cpuMs: number;
  readonly readBytes: number;
  /** That reached a disk. */
  readonly writtenBytes: number;
  readonly wakes: number;
}

const scratch = new Scratch();
try {
  const engine = await Engine.start(scratch);
  for (let n = 0; n < containers; n++) await engine.run(`c${n}`, 'while :; do sleep 10; done', []);
  const proxy = await CountingProxy.listen(scratch.of('proxy.sock'), engine.socketPath);
  const costs = costsOf(engine, proxy);

  const idle = await costs.during(() => sleep(seconds * 1000));
  const stop = new AbortController();
  const polls = pollEverySecond(proxy.path, stop.signal);
  await sleep(warmUpSeconds * 1000);
  const script = await costs.during(() => sleep(seconds * 1000));
  stop.abort();
  await polls;

  const sampler = spawn(process.execPath, [main, 'sample', '--omit-unchanged', '--docker-host', proxy.url], {
    env: cleanEnv(scratch),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await sleep(warmUpSeconds * 1000);
  const dentriesBefore = dentries();
  const before = ownCost(sampler);
  const rtwatch = await costs.during(() => sleep(seconds * 1000));
  const own = difference(ownCost(sampler), before);
  const dentriesAfter = dentries();
  sampler.kill('SIGKILL');
  proxy.close();
  print({ idle, script, rtwatch }, own, dentriesAfter - dentriesBefore);
} finally {
  await scratch.close();
}

function print(
  { idle, script, rtwatch }: Readonly<Record<'idle' | 'script' | 'rtwatch', Cost>>,
  own: OwnCost,
  moreDentries: number,
): void {
  const perMinute = 60 / seconds;
  console.log(`${containers} containers, per minute`);
  console.log(`${''.padEnd(44)}polling script     rtwatch       ratio`);
  const row = (name: string, of: (cost: Cost) => number, unit: string): void => {
    const [polled, watched] = [of(script) - of(idle), of(rtwatch) - of(idle)].map((cost) =>
      Math.max(0, cost * perMinute),
    );
    const cells = [polled, watched].map((cost = 0) => `${Math.round(cost)}${unit}`.padStart(14));
    const ratio = (polled ?? 0) === 0 ? '–' : ((watched ?? 0) / (polled ?? 1)).toFixed(3);
    console.log(`${name.padEnd(44)}${cells.join('')}${ratio.padStart(12)}`);
  };
  row('requests to dockerd', ({ requests }) => requests, '');
  row('CPU time of dockerd, above idle', ({ dockerdMs }) => dockerdMs, ' ms');
  row('CPU time of containerd, above idle', ({ containerdMs }) => containerdMs, ' ms');
  console.log(
    `the sampler itself: ${((own.cpuMs / 1000 / seconds) * 100).toFixed(2)}% of a core, ${mebibytes(own.readBytes * perMinute)} read, ` +
      `${mebibytes(own.writtenBytes * perMinute)} written to disk, ${Math.round(own.wakes / seconds)} wake-ups a second, ` +
      `${Math.round(moreDentries * perMinute)} dentries more`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

function costsOf(engine: Engine, proxy: CountingProxy) {
  const now = (): Cost => ({
    requests: proxy.requests,
    dockerdMs: cpuMsOf(engine.dockerdPid),
    containerdMs: cpuMsOf(engine.containerdPid),
  });
  return {
    during: async (work: () => Promise<unknown>): Promise<Cost> => {
      const before = now();
      await work();
      return difference(now(), before);
    },
  };
}

function difference<T extends { readonly [K in keyof T]: number }>(after: T, before: T): T {
  const entries = Object.entries(after) as [keyof T, number][];
  return Object.fromEntries(entries.map(([key, value]) => [key, value - before[key]])) as T;
}

function cpuMsOf(pid: number): number {
  return (statOf(pid)?.cpuSeconds ?? 0) * 1000;
}

function ownCost({ pid = 0 }: ChildProcess): OwnCost {
  const io = fs.readFileSync(`/proc/${pid}/io`, 'utf8');
  const ioOf = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1]);
  const threads = fs.readdirSync(`/proc/${pid}/task`);
  const wakes = threads.map((tid) => {
    const status = fs.readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
  });
  return {
    cpuMs: cpuMsOf(pid),
    readBytes: ioOf('rchar'),
    writtenBytes: ioOf('write_bytes'),
    wakes: wakes.reduce((sum, one) => sum + one, 0),
  };
}

/** Entries of the kernel's cache of names (proc_sys_fs(5), dentry-state). */
function dentries(): number {
  return Number(fs.readFileSync('/proc/sys/fs/dentry-state', 'utf8').split('\t')[0]);
}

/** As a monitor without events does. */
async function pollEverySecond(socketPath: string, signal: AbortSignal): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  const get = (url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = http.get({ socketPath, path: url, agent, headers: { host: 'docker' } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
      request.on('error', reject);
    });
  while (!signal.aborted) {
    const started = performance.now();
    const list = JSON.parse(await get('/containers/json?all=true')) as readonly { readonly Id: string }[];
    await Promise.all(
      list.flatMap(({ Id }) => [
        get(`/containers/${Id}/json`),
        get(`/containers/${Id}/stats?stream=false&one-shot=true`),
      ]),
    );
    await sleep(Math.max(0, 1000 - (performance.now() - started)));
  }
  agent.destroy();
}
