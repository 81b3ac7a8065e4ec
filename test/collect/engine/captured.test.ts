import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ContainersCollector } from '../../../src/collect/containers/containers.ts';
import { ShimsCollector } from '../../../src/collect/containers/shims.ts';
import { openEngine } from '../../../src/collect/engine/client.ts';
import { kernelRelease } from '../../../src/collect/host.ts';
import { ProcessesCollector } from '../../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { ContainerModel } from '../../../src/model/containers/container.ts';
import { emptyHistory, type History, reduce } from '../../../src/model/history.ts';
import { derive } from '../../../src/model/model.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { ok, okValue } from '../../../src/sample/reading.ts';
import type { Readings } from '../../../src/sample/sample.ts';
import { capturedEngine } from '../../support/captured-engine.ts';
import { openGate } from '../../support/open-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { capturedWorld } from '../../support/world.ts';
import { holdTime, look, pass, StandIn } from '../stand-in.ts';

// Loaded before a test holds the time.
await openEngine({ kind: 'unix', url: '', socketPath: '' }, openGate);

interface Captured {
  /** Looks as the sampler does, a second apart. */
  readonly looks: (count: number) => Promise<History>;
}

/** A captured engine as it was then, with the processes beside it. */
async function open(name: string, at: number, world: string | null = null): Promise<Captured> {
  holdTime();
  vi.setSystemTime(at);
  const server = await StandIn.listen(capturedEngine(name).routes);
  const collector = new ContainersCollector(server.endpoint, { gate: openGate });
  onTestFinished(() => collector.close());
  collector.start();
  await waitFor('the stream', () => server.count('/events') > 0);
  const kernel = world === null ? (): Readings => ({}) : kernelOf(world);
  let history = emptyHistory;
  return {
    looks: async (count) => {
      for (let seq = 0; seq < count; seq++) {
        const containers = await look(() => collector.collect());
        const readings = { containers, ...kernel() };
        const sampler = { pid: 1, cpuMs: 0, rssBytes: 0 };
        history = reduce(history, { v: 1, seq, at: Date.now(), monoMs: performance.now(), readings, sampler });
        await pass(1000);
      }
      return history;
    },
  };
}

function kernelOf(name: string): () => Readings {
  const world = capturedWorld(name);
  const table = new ProcessTable(world, () => 0);
  const processes = new ProcessesCollector(world, table, kernelRelease(world));
  const shims = new ShimsCollector(world, table);
  return () => ({ processes: ok(processes.collect(), 1), shims: ok(shims.collect(), 1) });
}

const listOf = (history: History): readonly ContainerModel[] => derive(history).containers?.list ?? [];
const named = (history: History, label: string): ContainerModel | undefined =>
  listOf(history).find((container) => container.label === label);

describe('on the node whose docker stop hangs', () => {
  const at = Date.UTC(2026, 10, 21, 6, 41, 56);
  const writers = ['kube-system/fluentd-hjj42/fluentd', 'logging/shipper-0/shipper'];

  test('two of six containers are stuck, proven by kernel and engine, with how often they were asked', async () => {
    const history = await (await open('stop-leak', at, 'stop-leak')).looks(4);
    expect(
      listOf(history)
        .filter(({ stuck }) => stuck)
        .map(({ label }) => label)
        .toSorted(),
    ).toEqual(writers);
    const fluentd = named(history, 'kube-system/fluentd-hjj42/fluentd');
    expect(fluentd).toMatchObject({
      state: 'stopping',
      listState: 'running',
      stuckIn: ['stop'],
      // Sixty stops, each with its SIGKILL two seconds later.
      attempts: 60,
      attemptedBy: 'through the API',
      initPid: 26138,
      blocker: { pid: 28816, comm: 'dd', state: 'D', killPending: true, wchan: 'percpu_rwsem_wait' },
    });
    expect(fluentd?.evidence.map(({ kind, strength }) => `${strength} ${kind}`)).toEqual(
      expect.arrayContaining(['proof kill-pending', 'proof kill-unanswered']),
    );
    expect(named(history, 'logging/shipper-0/shipper')?.blocker?.pid).toBe(28815);
    // The volume was frozen at 06:41:27, the first stop came at 06:41:29.
    const since = new Date(fluentd?.stuckSince ?? 0).toISOString();
    expect(since >= '2026-11-21T06:41:26' && since <= '2026-11-21T06:41:30').toBe(true);
  });

  test('each is one finding, and zombies in another container are none of it', async () => {
    const { findings } = run(rules, derive(await (await open('stop-leak', at, 'stop-leak')).looks(4)));
    const stuck = findings.filter(({ id }) => id === 'unkillable-container');
    expect(stuck).toHaveLength(2);
    for (const { summary, confidence, remedies } of stuck) {
      expect(summary).toContain('a frozen');
      expect(confidence).toBe('certain');
      expect(remedies.map(({ command }) => command).join('\n')).toMatch(/fsfreeze -u|\/proc\/2881\d\/stack/);
    }
    expect(findings.filter(({ id }) => id === 'stuck-removal')).toEqual([]);
  });

  test('is reported by the engine alone too, when /proc cannot be read', async () => {
    const history = await (await open('stop-leak', at)).looks(4);
    expect(named(history, 'logging/shipper-0/shipper')).toMatchObject({ stuck: true, blocker: null, attempts: 60 });
    expect(derive(history).containers?.stuck).toBe(2);
  });

  test('is reported by the kernel alone too, when the engine does not answer', () => {
    const kernel = kernelOf('stop-leak');
    const sampler = { pid: 1, cpuMs: 0, rssBytes: 0 };
    const history = [0, 1, 2, 3, 4].reduce(
      (before, seq) =>
        reduce(before, { v: 1, seq, at: at + seq * 1000, monoMs: seq * 1000, readings: kernel(), sampler }),
      emptyHistory,
    );
    const { containers } = derive(history);
    expect(containers).toMatchObject({ listAgeMs: null, stuck: 2 });
    expect(containers?.list.filter(({ stuck }) => stuck).map(({ label, from, state }) => [label, from, state])).toEqual(
      expect.arrayContaining([
        ['c30bc32ac303', 'kernel', 'stopping'],
        ['fbea0463e7a9', 'kernel', 'stopping'],
      ]),
    );
  });
});

describe('on the node whose removals fail', () => {
  test('those under way are removing; the one that failed already is reported', async () => {
    const history = await (await open('mount-busy/t2', Date.UTC(2026, 10, 21, 7, 3, 30))).looks(3);
    const found = listOf(history).map(({ label, stuck, inspectState }) => [label, stuck, inspectState]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['batch-1', false, 'removing'],
        ['web-2', false, 'removing'],
        ['web-3', true, 'dead'],
        ['default/pod-976a0-5/stupig', false, 'removing'],
        ['cadvisor', false, null],
      ]),
    );
  });

  test('those that failed are reported with list, inspect and error, and what to do about each', async () => {
    const history = await (await open('mount-busy/t3', Date.UTC(2026, 10, 21, 7, 3, 45))).looks(3);
    const model = derive(history);
    expect(model.containers?.stuck).toBe(4);
    expect(named(history, 'web-2')).toMatchObject({ state: 'removing', listState: 'removing', inspectState: 'dead' });
    const { findings } = run(rules, model);
    expect(findings.map(({ id, title }) => `${id}: ${title}`).toSorted()).toEqual([
      'stuck-removal: batch-1 cannot be removed: its filesystem is busy',
      'stuck-removal: default/pod-976a0-5/stupig cannot be removed: its filesystem is busy',
      'stuck-removal: web-2 cannot be removed: its filesystem is busy',
      'stuck-removal: web-3 cannot be removed: a file is immutable or append-only',
    ]);
    const web3 = findings.find(({ title }) => title.startsWith('web-3'));
    expect(web3?.remedies[0]?.command).toBe(
      'chattr -i -a /var/lib/docker/overlay2/b5bc08f5204155334aecb362e15a8892dbe8d6ec655237d9c04f620c1791f8cc/diff/pinned',
    );
    expect(web3?.evidence.map(({ text }) => text).join('\n')).toContain('operation not permitted');
  });
});

test('what was captured is what the engine reported then', async () => {
  const captured = await open('stop-leak', Date.UTC(2026, 10, 21, 6, 41, 56));
  const value = okValue((await captured.looks(3)).sources.containers.reading);
  expect(value?.containers).toHaveLength(6);
  expect(value?.churn).toMatchObject({ died: 0, destroyed: 0 });
});
