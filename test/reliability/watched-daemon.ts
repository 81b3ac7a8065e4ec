import fs from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';
import { onTestFinished } from 'vitest';
import { openEngine } from '../../src/collect/engine/client.ts';
import { Sampler } from '../../src/collect/sampler.ts';
import { openSources } from '../../src/collect/sources.ts';
import type { Sample, SourceName } from '../../src/sample/sample.ts';
import { EngineScript } from '../collect/engine/script.ts';
import { answer, type Handler, holdTime, pass, StandIn } from '../collect/stand-in.ts';
import { openGate } from '../support/open-gate.ts';
import { letEventsRun, waitFor } from '../support/wait-for.ts';
import { statusText, Tree } from '../support/world.ts';

// Loaded before a test holds the time.
await openEngine({ kind: 'unix', url: '', socketPath: '' }, openGate);
await import('undici');

/** What a daemon that is well answers, by path. */
export const healthyPages: Readonly<Record<string, Handler>> = {
  '/debug/pprof/': answer("<table><tr><td>64</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr></table>"),
  '/debug/pprof/goroutine': answer(
    'goroutine profile: total 64\n64 @ 0xee4e56\n#\t0xee4e56\tmain.main+0x88\tmain.go:3\n\n',
  ),
  '/debug/vars': answer('{"memstats":{"HeapAlloc":100,"HeapInuse":200,"Sys":300,"NumGC":4}}'),
  '/_ping': answer('OK'),
  '/version': answer('{"Version":"20.10.24","GoVersion":"go1.19.8"}'),
  '/info': answer('{"DockerRootDir":"/var/lib/docker","Driver":"overlay2","LiveRestoreEnabled":true}'),
};

/** A node with a dockerd that a test scripts, watched by the real sources and the real sampler. */
export interface WatchedDaemon {
  readonly server: StandIn;
  readonly script: EngineScript;
  readonly lines: Sample[];
  /** By path: how often it was asked, and how many questions waited for their answer at once. */
  readonly asked: ReadonlyMap<string, number>;
  readonly mostOpen: ReadonlyMap<string, number>;
  /** What it answers to everything from now on; null is what one that is well answers. */
  readonly behave: (handler: Handler | null) => void;
  /** Lets so many seconds of held time pass. */
  readonly watch: (seconds: number) => Promise<void>;
  /** The newest reading of each source. */
  readonly newest: () => Sample['readings'];
  /** Stops everything, as the sampler's process does before it ends. */
  readonly stop: () => Promise<void>;
}

/** @param socketPath where dockerd is asked, when it is not the scripted one that listens */
export async function watchDaemon(behaviour: Handler | null, socketPath?: string): Promise<WatchedDaemon> {
  holdTime();
  const script = new EngineScript();
  const asked = new Map<string, number>();
  const open = new Map<string, number>();
  const mostOpen = new Map<string, number>();
  let misbehave = behaviour;
  const wrapped = Object.entries({ ...healthyPages, ...script.routes }).map(([path, well]): [string, Handler] => [
    path,
    (request, response) => {
      asked.set(path, (asked.get(path) ?? 0) + 1);
      open.set(path, (open.get(path) ?? 0) + 1);
      mostOpen.set(path, Math.max(mostOpen.get(path) ?? 0, open.get(path) ?? 0));
      response.on('close', () => open.set(path, (open.get(path) ?? 0) - 1));
      (misbehave ?? well)(request, response);
    },
  ]);
  const server = await StandIn.listen(Object.fromEntries(wrapped));
  const at = socketPath ?? server.socketPath;
  const world = nodeTree().world();
  const { sources, close } = openSources(world, {
    engine: { kind: 'unix', url: `unix://${at}`, socketPath: at },
    pprof: new Map(),
    logs: [],
    intervalMs: 1000,
    // Neither asks the daemon, and both ask this machine.
    disabled: new Set<SourceName>(['logs', 'host']),
  });
  const lines: Sample[] = [];
  const sampler = new Sampler(sources, world, {
    intervalMs: 1000,
    now: () => Date.now(),
    write: (sample) => void lines.push(JSON.parse(JSON.stringify(sample))),
  });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    sampler.stop();
    close();
    await letEventsRun();
  };
  onTestFinished(stop);
  sampler.start();
  return {
    server,
    script,
    lines,
    asked,
    mostOpen,
    stop,
    behave: (handler) => {
      misbehave = handler;
    },
    watch: async (seconds) => {
      for (let i = 0; i < seconds * 2; i++) await pass(500);
    },
    newest: () => Object.assign({}, ...lines.map(({ readings }) => readings)),
  };
}

function nodeTree(): Tree {
  return new Tree()
    .write('proc/diskstats', '')
    .write('proc/meminfo', 'Dirty: 1 kB\nWriteback: 0 kB\n')
    .process(
      700,
      { comm: 'dockerd', threads: 9, starttime: 40_000 },
      {
        status: statusText({ rssKb: 1000, threads: 9 }),
        limits: 'Max open files   20000   20000   files\n',
        'fd/0': '/dev/null',
        'ns/mnt': 'mnt:[4026531841]',
        mountinfo: '',
      },
    );
}

/** Descriptors of this process. */
export const openDescriptors = (): number => fs.readdirSync('/proc/self/fd').length;

/** Waits until this process has no more descriptors than before; sockets close a turn or two after they were told to. */
export async function descriptorsBack(before: number): Promise<void> {
  await waitFor('the descriptors to be closed', () => openDescriptors() <= before, {
    detail: () => `${openDescriptors()} descriptors, ${before} before`,
  });
}

/** Bytes that are in use when all garbage is collected: the heap, and buffers outside of it. */
export function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Waits until no more is in use than before, and so much: buffers are let go of a turn after they were found to be garbage. */
export async function bytesBack(before: number, slack: number): Promise<void> {
  await waitFor('the memory to be let go of', () => bytesInUse() - before < slack, {
    everyMs: 50,
    detail: () => `${bytesInUse() - before} bytes more than before`,
  });
}

const collectGarbage = ((): (() => void) => {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc') as () => void;
})();
