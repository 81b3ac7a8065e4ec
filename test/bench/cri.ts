/**
 * What watching a container runtime costs it, and the sampler: 500 pods with two containers each on a scripted CRI server, 200
 * events of tasks a second. The server's requests and CPU time per minute, beside a client that lists pods and containers every
 * second as a kubelet does; the sampler's CPU time and memory, beside the same sampler without the source.
 *
 *     bin/node test/bench/cri.ts [--seconds 60] [--pods 500] [--events 200]
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { GrpcClient } from '../../src/collect/cri/grpc-client.ts';
import { methods } from '../../src/collect/cri/methods.ts';
import { ScriptedRuntime, scriptedContainer, scriptedSandbox } from '../support/cri/server.ts';
import { scriptArguments } from '../support/script-arguments.ts';

const { values } = scriptArguments({
  options: {
    seconds: { type: 'string', default: '60' },
    pods: { type: 'string', default: '500' },
    events: { type: 'string', default: '200' },
    server: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const main = path.join(import.meta.dirname, '../../dist/main.js');
/** The program loads, and events cause a few lists at once, before the steady state. */
const warmUpSeconds = 15;
const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;

/** What the server counted since it started. */
interface Counts {
  readonly requests: number;
  readonly lists: number;
  readonly cpuMs: number;
}

if (values.server) await serve(Number(values.pods), Number(values.events));
else await compare();

/** In a process of its own, whose CPU time is that of the requests and of the events. */
async function serve(pods: number, eventsPerSecond: number): Promise<void> {
  const runtime = await ScriptedRuntime.start();
  const id = (n: number): string => n.toString(16).padStart(64, '0');
  runtime.sandboxes = Array.from({ length: pods }, (_, n) => scriptedSandbox(id(n)));
  runtime.containers = Array.from({ length: 2 * pods }, (_, n) => scriptedContainer(id(pods + n), id(n >> 1)));
  const topics = ['/tasks/create', '/tasks/start', '/tasks/exit', '/tasks/delete'];
  let emitted = 0;
  setInterval(() => {
    for (let n = 0; n < eventsPerSecond / 10; n++) {
      runtime.emit(topics[emitted % topics.length] ?? '', 'k8s.io', id(pods + (emitted++ % pods)));
    }
  }, 100);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const lists = runtime.calls.filter((call) => /\/List(?:PodSandbox|Containers)$/.test(call)).length;
    process.send?.({ requests: runtime.calls.length, lists, cpuMs: (user + system) / 1000 } satisfies Counts);
  });
  process.on('disconnect', () => void runtime.close().then(() => process.exit()));
  process.send?.(runtime.url);
}

async function compare(): Promise<void> {
  const server = fork(import.meta.filename, ['--server', '--pods', values.pods, '--events', values.events]);
  try {
    const url = String(await next(server));
    const idle = await during(server, async () => sleep(seconds * 1000));
    const kubelet = await during(server, () => listEverySecond(url.slice('unix://'.length)));
    const bare = await sampler(['--disable', 'cri'], server);
    const watching = await sampler(['--cri', url], server);
    const perMinute = 60 / seconds;
    const row = (name: string, { requests, lists, cpuMs }: Counts): void => {
      const cpu = Math.max(0, cpuMs - idle.cpuMs) * perMinute;
      const cells = [requests * perMinute, lists * perMinute].map((count) => String(Math.round(count)).padStart(9));
      console.log(`${name.padEnd(36)}${cells.join('')}${`${Math.round(cpu)} ms`.padStart(12)}`);
    };
    console.log(
      `${values.pods} pods, ${values.events} events a second; per minute${''.padEnd(2)}  requests    lists  server CPU`,
    );
    row('kubelet: two lists a second', kubelet);
    row('rtwatch', watching.server);
    const work = (counts: Counts): number => Math.max(0, counts.cpuMs - idle.cpuMs);
    console.log(
      `rtwatch of the kubelet: ${percent(watching.server.lists / kubelet.lists)} of its lists, ` +
        `${percent(watching.server.requests / kubelet.requests)} of its requests, ${percent(work(watching.server) / work(kubelet))} of its work`,
    );
    const mebibytes = ((watching.rssBytes - bare.rssBytes) / 1024 ** 2).toFixed(1);
    console.log(
      `added to the sampler: ${percent((watching.cpuMs - bare.cpuMs) / 1000 / seconds)} of a core, ${mebibytes} MiB ` +
        `(${percent(bare.cpuMs / 1000 / seconds)} of a core without the source)`,
    );
  } finally {
    server.disconnect();
  }
}

async function listEverySecond(socketPath: string): Promise<void> {
  const client = new GrpcClient(socketPath);
  const { signal } = new AbortController();
  for (let second = 0; second < seconds; second++) {
    const started = performance.now();
    await client.call(methods.listPodSandbox, null, { signal });
    await client.call(methods.listContainers, null, { signal });
    await sleep(Math.max(0, 1000 - (performance.now() - started)));
  }
  client.close();
}

/** What a sampler costs in the steady state: its own CPU time and memory as its Samples say them (as the screen runs it), and the server's counts. */
async function sampler(
  options: readonly string[],
  server: ChildProcess,
): Promise<{ cpuMs: number; rssBytes: number; server: Counts }> {
  const args = [
    main,
    'sample',
    '--omit-unchanged',
    '--docker-host',
    'unix:///nowhere.sock',
    '--disable',
    'logs',
    ...options,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let newest = { cpuMs: 0, rssBytes: 0 };
  createInterface({ input: child.stdout }).on('line', (line) => {
    newest = (JSON.parse(line) as { sampler: typeof newest }).sampler;
  });
  try {
    await sleep(warmUpSeconds * 1000);
    const before = newest;
    const counts = await during(server, async () => sleep(seconds * 1000));
    return { cpuMs: newest.cpuMs - before.cpuMs, rssBytes: newest.rssBytes, server: counts };
  } finally {
    child.kill();
  }
}

async function during(server: ChildProcess, work: () => Promise<unknown>): Promise<Counts> {
  const before = await counts(server);
  await work();
  const after = await counts(server);
  return {
    requests: after.requests - before.requests,
    lists: after.lists - before.lists,
    cpuMs: after.cpuMs - before.cpuMs,
  };
}

async function counts(server: ChildProcess): Promise<Counts> {
  const answer = next(server);
  server.send('counts');
  return (await answer) as Counts;
}

function next(server: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => server.once('message', resolve));
}
