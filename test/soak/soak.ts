import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Engine } from '../engine/engine.ts';
import { isRunning, processOf } from '../engine/proc.ts';
import { Scratch } from '../engine/scratch.ts';
import { goHome, probeKeys } from '../reliability/keys.ts';
import { Pty } from '../reliability/pty.ts';
import { Random } from '../reliability/random.ts';
import { samplersOf } from '../reliability/samplers.ts';
import { installProgram } from '../support/install-program.ts';
import { MemoryGroup } from '../support/memory-group.ts';
import { waitFor } from '../support/wait-for.ts';
import { Churn } from './churn.ts';
import { goOut } from './excursions.ts';
import { Faults } from './faults.ts';
import { type Look, look } from './figures.ts';
import { NodeLogs } from './node-logs.ts';

export interface SoakOptions {
  readonly forMs: number;
  readonly seed: number;
  /** What both processes of rtwatch may have; null for no limit. */
  readonly memoryBytes: number | null;
  /** So many loops that do nothing but use a core. */
  readonly busy: number;
  /** Called for each look. */
  readonly onLook: (look: Look) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

export interface SoakReport {
  readonly looks: readonly Look[];
  /** What happened, and how often. */
  readonly counts: ReadonlyMap<string, number>;
  /** Why it ended early; null when it did not. */
  readonly failure: string | null;
}

const size = { columns: 140, rows: 40 };
const checkEveryMs = 10_000;
const resizeEvery = 6;
const stopEvery = 30;
const stoppedMs = 15_000;
const filesEvery = 60;

/**
 * Runs the real program in a real terminal on a dockerd and a containerd of its own, on which containers and faults come and go.
 *
 * @throws when it cannot begin
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, memoryBytes, onLook } = options;
  const scratch = new Scratch();
  try {
    const group = memoryBytes === null ? null : new MemoryGroup(path.basename(scratch.path), memoryBytes);
    if (group !== null) scratch.onClose(() => group.remove());
    // Each in a session of its own: by sessions the kernel shares the cores (sched(7), autogroup), and all in ours would be as one.
    const busy = ['-c', 'while :; do :; done'];
    const burners = Array.from({ length: options.busy }, () => spawn('sh', busy, { detached: true, stdio: 'ignore' }));
    scratch.onClose(async () => burners.forEach((burner) => void burner.kill('SIGKILL')));
    const probe = scratch.of('probe');
    const terminalFolder = scratch.of('terminal');
    for (const folder of [probe, terminalFolder]) fs.mkdirSync(folder);
    const program = installProgram(scratch.of('program'));
    const engine = await Engine.start(scratch);
    const daemonLogs = ['dockerd.log', 'containerd.log'].map((name) => scratch.of(name));
    const logs = new NodeLogs(scratch.of('messages'), daemonLogs, new Random(seed + 1));
    const churn = new Churn(engine, new Random(seed + 2));
    const faults = await Faults.start(scratch, engine, new Random(seed + 3));
    scratch.onClose(async () => {
      logs.close();
      await Promise.all([faults.close(), churn.close()]);
    });
    await churn.start();
    const command = [
      ...[program, '--docker-host', engine.host, '--pprof', `containerd=unix://${engine.containerdDebugSocketPath}`],
      ...[logs.path, ...daemonLogs].flatMap((file) => ['--log', file]),
      ...['--dump-dir', scratch.of('dumps')],
    ];
    const pty = await Pty.open(terminalFolder, group?.command(command) ?? command, size, {
      NODE_OPTIONS: `--require=${path.join(import.meta.dirname, 'probe.cjs')}`,
      RTWATCH_SOAK_PROBE: probe,
    });
    scratch.onClose(async () => pty.close());
    await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'), { timeoutMs: 30_000 });
    const counts = new Map<string, number>();
    const looks: Look[] = [];
    const failure = await use(pty, {
      ...options,
      probe,
      scratch,
      counts,
      onLook: (one) => {
        looks.push(one);
        onLook(one);
      },
    })
      .then(() => quit(pty))
      .then(() => null)
      .catch((error: unknown) => `${error instanceof Error ? error.message : error}`);
    counts.set('changes of containers', churn.changes);
    counts.set('changes that failed', churn.failures);
    for (const [name, count] of faults.counts) counts.set(name, count);
    if (group !== null) {
      counts.set('ended by the kernel for lack of memory', group.kills);
      counts.set('most memory, MiB', Math.round(group.peakBytes / 2 ** 20));
    }
    return { looks, counts, failure };
  } finally {
    await scratch.close();
  }
}

interface Use extends SoakOptions {
  readonly probe: string;
  readonly scratch: Scratch;
  readonly counts: Map<string, number>;
}

/** @throws when the program ends, or does not answer a key */
async function use(pty: Pty, { probe, scratch, counts, forMs, seed, onLook, signal }: Use): Promise<void> {
  const random = new Random(seed);
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const started = performance.now();
  for (let turn = 1; performance.now() - started < forMs && !signal.aborted; turn++) {
    const nextAt = started + turn * checkEveryMs;
    count(`keys: ${await goOut(pty, random)}`);
    if (turn % resizeEvery === 0) {
      pty.resize({ columns: random.between(40, 240), rows: random.between(10, 70) });
      await pause(1000);
      pty.resize(size);
      count('resized');
    }
    if (turn % stopEvery === 0) {
      await stop(pty);
      count('screen stopped');
    }
    if (turn % filesEvery === 0) fs.rmSync(scratch.of('dumps'), { recursive: true, force: true });
    await pause(Math.max(0, nextAt - performance.now()));
    const keyMs = await probeKeys(pty);
    onLook(look(pty.pid, probe, (performance.now() - started) / 1000, keyMs));
  }
}

/** As a reader stops it, or a machine sleeps: it cannot see it coming. */
async function stop(pty: Pty): Promise<void> {
  pty.stop();
  await pause(stoppedMs);
  pty.goOn();
  await pause(2000);
}

/** @throws when something of it is left */
async function quit(pty: Pty): Promise<void> {
  await goHome(pty);
  const left = [processOf(pty.pid), ...samplersOf(pty.pid)].filter((found) => found !== null);
  pty.press('q');
  await waitFor('the end of all its processes', () => !pty.isOpen && !left.some(isRunning), { timeoutMs: 10_000 });
}
