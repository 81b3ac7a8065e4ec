import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { ask, askGoroutines } from './ask.ts';
import { engineNode } from './node.ts';
import { processes } from './proc.ts';
import type { Report } from './rtwatch.ts';

/**
 * How far from what the daemon says at other moments a figure may be. Every connection is a file descriptor and about
 * two goroutines, every request in flight another one, and rtwatch has three connections: for the debug pages, the
 * container list and the events.
 */
const tolerance = { goroutines: 8, fds: 4, heapBytes: 2 * 1024 * 1024 };

const node = engineNode();

beforeAll(async () => {
  await node.engine.run('steady', 'exec sleep 99999');
});

test('version, pid, goroutines, heap and descriptors of dockerd are what its own endpoints give', async () => {
  const version = JSON.parse(await node.engine.ask('/version')) as { Version: string };
  await waitForFigures(async () => {
    const said = { goroutines: [] as number[], heapBytes: [] as number[], fds: [] as number[] };
    const look = async (): Promise<void> => {
      said.goroutines.push(await node.engine.goroutines());
      said.heapBytes.push(await heapOf(node.engine.socketPath));
      // An expensive question, and one with another count of the same goroutines.
      const info = JSON.parse(await node.engine.ask('/info')) as Info;
      said.goroutines.push(info.NGoroutines);
      said.fds.push(info.NFd);
    };
    const dockerd = daemonOf(await duringLooks(look, () => node.rtwatch.check()), 'dockerd');

    expect(dockerd.version).toBe(version.Version);
    expect(dockerd.pid).toBe(node.engine.dockerdPid);
    expectWithin(dockerd.goroutines, said.goroutines, tolerance.goroutines);
    expectWithin(dockerd.heapBytes, said.heapBytes, tolerance.heapBytes);
    expectWithin(dockerd.fds, said.fds, tolerance.fds);
  });
});

test('pid, goroutines and heap of containerd are what its debug socket gives', async () => {
  const socketPath = node.engine.containerdDebugSocketPath;
  await waitForFigures(async () => {
    const said = { goroutines: [] as number[], heapBytes: [] as number[] };
    const look = async (): Promise<void> => {
      said.goroutines.push(await askGoroutines(socketPath));
      said.heapBytes.push(await heapOf(socketPath));
    };
    const check = () => node.rtwatch.check('--pprof', `containerd=unix://${socketPath}`);
    const containerd = daemonOf(await duringLooks(look, check), 'containerd');

    expect(containerd.pid).toBe(node.engine.containerdPid);
    expectWithin(containerd.goroutines, said.goroutines, tolerance.goroutines);
    expectWithin(containerd.heapBytes, said.heapBytes, tolerance.heapBytes);
  });
});

test('the debug socket of the only containerd of the node is found without an option', async ({ skip }) => {
  const others = processes().filter(({ pid, comm }) => comm === 'containerd' && pid !== node.engine.containerdPid);
  skip(others.length > 0, 'this machine runs another containerd');
  await waitForFigures(async () => {
    const said = await askGoroutines(node.engine.containerdDebugSocketPath);
    const containerd = daemonOf(await node.rtwatch.check(), 'containerd');

    expect(containerd.pid).toBe(node.engine.containerdPid);
    expectWithin(containerd.goroutines, [said], tolerance.goroutines);
  });
});

/** On a busy machine an answer can come later than a report waits, and figures of a daemon with much to do lie further apart. */
function waitForFigures(compare: () => Promise<void>): Promise<unknown> {
  return waitFor('figures that agree', () => compare().then(() => true), { timeoutMs: 120_000 });
}

async function heapOf(socketPath: string): Promise<number> {
  return (JSON.parse(await ask(socketPath, '/debug/vars')) as DebugVars).memstats.HeapInuse;
}

interface DebugVars {
  readonly memstats: { readonly HeapInuse: number };
}

interface Info {
  readonly NFd: number;
  readonly NGoroutines: number;
}

/** Does the work, and looks before it, again and again during it, and after it. */
async function duringLooks<T>(look: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  await look();
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  // Its failure is told by the await at the end.
  working.catch(() => {});
  while (!isOver) {
    await look();
    await sleep(100);
  }
  await look();
  return working;
}

function daemonOf(report: Report, name: string): Report['daemons'][number] {
  const daemon = report.daemons.find((candidate) => candidate.name === name);
  if (daemon === undefined) throw new Error(`no daemon of the name ${name} in ${JSON.stringify(report.daemons)}`);
  return daemon;
}

function expectWithin(figure: number | null, said: readonly number[], tolerance: number): void {
  expect(figure).toBeGreaterThanOrEqual(Math.min(...said) - tolerance);
  expect(figure).toBeLessThanOrEqual(Math.max(...said) + tolerance);
}
