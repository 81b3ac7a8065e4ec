import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, processOf } from '../engine/proc.ts';
import { waitFor } from '../support/wait-for.ts';
import { ChaosDaemon } from './chaos-daemon.ts';
import { Events } from './chaos-events.ts';
import { Figures, leastOfThirds, quantile, thirds } from './chaos-figures.ts';
import { goHome, probeKeys } from './keys.ts';
import { type LiveHeap, liveHeapEnv, liveHeapOf } from './live-heap.ts';
import { Pty } from './pty.ts';
import { Random } from './random.ts';
import { samplersOf } from './samplers.ts';
import { SickNode } from './sick-node.ts';

export interface ChaosOptions {
  readonly forMs: number;
  readonly seed: number;
  /** Processes of the node. */
  readonly pids: number;
  /** So many loops that do nothing but use a core. */
  readonly busy: number;
  /** What is asserted of a key; 200 ms is what is promised of a machine with time to spare. */
  readonly keyMs: number;
  /** Memory is only judged where the run is long enough to tell growth from warming up. */
  readonly judgeMemory: boolean;
  /** Ends it early, with a report. */
  readonly signal?: AbortSignal;
}

export interface ChaosReport {
  readonly failures: readonly string[];
  readonly keysMs: readonly number[];
  readonly quitMs: number | null;
  readonly screen: Figures;
  readonly sampler: Figures;
  /** Of the screen, after the warm-up. */
  readonly live: readonly LiveHeap[];
  readonly samplers: number;
  readonly counts: ReadonlyMap<string, number>;
}

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const size = { columns: 120, rows: 36 };
const tickMs = 250;
const probeEveryMs = 3000;
const quitWithinMs = 2000;
/** A collection of all garbage every so many probes: it takes a moment in which no key is answered. */
const probesPerLiveHeap = 3;
const fewestLooks = 6;
const allowedGrowth = 1.1;
const allowedHeapBytes = 4 * 2 ** 20;
/** The screen’s past fills for as long as such a run lasts (`timeline/past-ring.ts`). */
const allowedBufferBytes = 32 * 2 ** 20;
/** What each has at most on any machine, however late it collects its garbage. */
const mostScreenBytes = 512 * 2 ** 20;
const mostSamplerBytes = 256 * 2 ** 20;
const allowedFds = 20;
/** A warm-up that is left out: the heap finds its size, and the past that can be scrolled back to fills. */
const warmUpShare = 0.4;
const longestWarmUpMs = 600_000;
/** The sampler, one that is being ended, and one that tries aside. */
const mostSamplers = 4;

/** Runs the real program on a node where everything goes wrong, and tells what it promised and did not keep. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = new Random(options.seed);
  const shm = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
  const folder = fs.mkdtempSync(path.join(shm, 'rtw-'));
  const burners = Array.from({ length: options.busy }, burn);
  const node = new SickNode(folder);
  // Chance of their own: how often they are asked shall not change what happens else.
  const daemons = [
    new ChaosDaemon(`${folder}/d.sock`, new Random(options.seed + 1)),
    new ChaosDaemon(`${folder}/c.sock`, new Random(options.seed + 2)),
  ] as const;
  const log = `${node.rootfs}/var/log/messages`;
  const args = [...node.args(`unix://${folder}/d.sock`), '--pprof', `containerd=unix://${folder}/c.sock`, '--log', log];
  const command = [launcher, ...args, '--dump-dir', `${folder}/state/dumps`];
  const pty = await Pty.open(folder, command, size, liveHeapEnv(folder));
  const events = new Events({ node, pty, daemons, random, pids: options.pids });
  const failures: string[] = [];
  const keysMs: number[] = [];
  const screen = new Figures();
  const sampler = new Figures();
  const live: LiveHeap[] = [];
  const pids = new Set<number>();
  let quitMs: number | null = null;
  try {
    await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'));
    const started = performance.now();
    let probeAt = started + probeEveryMs;
    while (performance.now() - started < options.forMs && pty.isOpen && options.signal?.aborted !== true) {
      events.tick();
      events.happen();
      await pause(tickMs);
      if (performance.now() < probeAt) continue;
      pty.resize(size);
      await goHome(pty);
      keysMs.push(await probeKeys(pty));
      const running = samplersOf(pty.pid);
      for (const { pid } of running) pids.add(pid);
      if (running.length > mostSamplers) failures.push(`${running.length} samplers at once`);
      if (performance.now() - started > Math.min(longestWarmUpMs, options.forMs * warmUpShare)) {
        screen.take(pty.pid);
        // The newest may still be starting.
        for (const { pid } of running.slice(0, 1)) sampler.take(pid);
        if (keysMs.length % probesPerLiveHeap === 0) live.push(await liveHeapOf(pty.pid, folder));
      }
      probeAt = performance.now() + probeEveryMs;
    }
    if (!pty.isOpen) throw new Error(`the program ended with ${pty.exitCode}: ${pty.drawnSince(0).slice(-2000)}`);
    events.end();
    quitMs = await quit(pty);
  } catch (error) {
    failures.push(`${error instanceof Error ? error.message : error}\n${await lastScreen(pty)}`);
    failures.push(`the last keys: ${JSON.stringify(events.lastKeys)}`);
  } finally {
    events.end();
    pty.close();
    for (const burner of burners) burner.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  failures.push(...judge({ keysMs, quitMs, screen, sampler, live }, options));
  return { failures, keysMs, quitMs, screen, sampler, live, samplers: pids.size, counts: events.counts };
}

function burn(): ChildProcess {
  return spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
}

/** The whole screen, which the program draws anew at another size. */
async function lastScreen(pty: Pty): Promise<string> {
  pty.forget();
  pty.resize({ ...size, rows: size.rows - 1 });
  await pause(1000);
  return pty.drawnSince(0);
}

/** Milliseconds from q to the end. @throws when something of it is left */
async function quit(pty: Pty): Promise<number> {
  pty.resize(size);
  await goHome(pty);
  const left = [processOf(pty.pid), ...samplersOf(pty.pid)].filter((found) => found !== null);
  const pressed = performance.now();
  pty.press('q');
  await waitFor('the end', () => !pty.isOpen, { timeoutMs: 10_000, everyMs: 2 });
  await waitFor('the end of all its processes', () => !left.some(isRunning), { timeoutMs: 10_000 });
  return (pty.endedAt ?? Number.POSITIVE_INFINITY) - pressed;
}

function judge(
  { keysMs, quitMs, screen, sampler, live }: Omit<ChaosReport, 'failures' | 'samplers' | 'counts'>,
  { judgeMemory, keyMs }: ChaosOptions,
): string[] {
  const slow = keysMs.filter((tookMs) => tookMs > keyMs);
  const failures =
    slow.length === 0
      ? []
      : [`${slow.length} keys took more than ${keyMs} ms: ${Math.round(quantile(slow, 1))} at most`];
  if (keysMs.length === 0) failures.push('no key was answered');
  if (quitMs !== null && quitMs > Math.max(quitWithinMs, keyMs))
    failures.push(`quitting took ${Math.round(quitMs)} ms`);
  for (const [name, figures] of Object.entries({ screen, sampler })) {
    const fds = thirds(figures.fds);
    if (fds.last > fds.first + allowedFds)
      failures.push(`descriptors of the ${name} grew: ${fds.first} to ${fds.last}`);
  }
  return judgeMemory ? [...failures, ...judgeMemories(screen, sampler, live)] : failures;
}

/**
 * Growth is judged of what lives: when V8 collects its garbage, and how much there is until then, depends on what the machine does
 * beside. A dump that is read or a moment of the past that is rebuilt while it is asked is no growth: the least of several looks
 * counts. Samplers live for seconds, so for them there is only a bound.
 */
function judgeMemories(screen: Figures, sampler: Figures, live: readonly LiveHeap[]): string[] {
  const heap = leastOfThirds(live.map(({ heapBytes }) => heapBytes));
  const buffers = leastOfThirds(live.map(({ bufferBytes }) => bufferBytes));
  const failures: string[] = [];
  if (live.length < fewestLooks) failures.push(`the live heap was measured ${live.length} times: too few to judge`);
  if (heap.last > heap.first * allowedGrowth + allowedHeapBytes)
    failures.push(`the live heap of the screen grew: ${heap.first} to ${heap.last} bytes`);
  if (buffers.last > buffers.first + allowedBufferBytes)
    failures.push(`the buffers of the screen grew: ${buffers.first} to ${buffers.last} bytes`);
  for (const [name, { rssBytes }, limit] of [
    ['screen', screen, mostScreenBytes],
    ['sampler', sampler, mostSamplerBytes],
  ] as const) {
    const most = quantile(rssBytes, 1);
    if (most > limit) failures.push(`memory of the ${name}: ${most} bytes at most`);
  }
  return failures;
}
