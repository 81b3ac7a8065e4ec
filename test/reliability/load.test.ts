import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LogsCollector } from '../../src/collect/logs/logs.ts';
import { MountsCollector } from '../../src/collect/mounts/mounts.ts';
import { ProcessesCollector } from '../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import { emptyHistory, reduce } from '../../src/model/history.ts';
import { derive } from '../../src/model/model.ts';
import { ok, okValue } from '../../src/sample/reading.ts';
import { containerEvent, listed } from '../collect/engine/script.ts';
import { cpuMsOf, leastCpuMs } from '../support/cpu-time.ts';
import * as make from '../support/samples.ts';
import { Tree } from '../support/world.ts';
import { crowdedTree, logLines, manyNamespaces } from './crowded-node.ts';
import { bytesBack, bytesInUse, watchDaemon } from './watched-daemon.ts';

const mebibyte = 1024 ** 2;
const kernel = '6.1.0';

/** Figures for docs/reliability.md: shown when asked for, never judged. */
function show(figures: Readonly<Record<string, number>>): void {
  if (process.env['RTWATCH_FIGURES'] !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

test('20,000 processes cost a poll less than reading each once, and nothing that grows', async () => {
  const processes = 20_000;
  const world = crowdedTree(processes).world();
  const collector = new ProcessesCollector(world, new ProcessTable(world), kernel);
  const first = await cpuMsOf(() => collector.collect());
  for (let warm = 0; warm < 3; warm++) collector.collect();
  const before = bytesInUse();
  const least = await leastCpuMs({
    works: {
      poll: () => expect(collector.collect().total).toBe(processes),
      plain: () => {
        for (let pid = 1; pid <= processes; pid++) fs.readFileSync(`${world.roots.procfs}/${pid}/stat`, 'latin1');
      },
    },
    rounds: 7,
    until: ({ poll, plain }) => poll < plain * 0.8,
  });
  show({ processes, firstMs: first, pollMs: least.poll, plainMs: least.plain });
  expect(least.poll).toBeLessThan(least.plain * 0.8);
  await bytesBack(before, 4 * mebibyte);
});

describe('2,000 containers', () => {
  const containersOf = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      make.container(make.idOf(index.toString(16).padStart(8, '0')), `app-${index}`),
    );

  /** Takes one list in and derives all from it, a second later each time. */
  function watch(count: number): () => void {
    const list = containersOf(count);
    let history = emptyHistory;
    let second = 0;
    return () => {
      const readings = { containers: ok(make.containers(list), 5), processes: ok(make.processes([]), 5) };
      history = reduce(history, make.sampleAt(second++, readings));
      expect(derive(history).containers?.list).toHaveLength(count);
    };
  }

  test('cost the model in proportion, not with every one beside every other', async () => {
    // Ten times as many; a step for each pair would be a hundred.
    const bound = (few: number): number => Math.max(few, 0.2) * 35;
    const least = await leastCpuMs({
      works: { few: watch(200), many: watch(2000) },
      rounds: 10,
      warmUp: 5,
      until: ({ few, many }) => many < bound(few),
    });
    show({ containers200Ms: least.few, containers2000Ms: least.many });
    expect(least.many).toBeLessThan(bound(least.few));
  });

  test('that come and go are reported by one request a second, and each line stays small', async () => {
    const daemon = await watchDaemon(null);
    const ids = Array.from({ length: 2000 }, (_, index) => index.toString(16).padStart(64, '0'));
    daemon.script.list = ids.map((id) => listed(id));
    await daemon.watch(5);
    const before = bytesInUse();
    const asked = daemon.server.asked.length;
    for (let second = 0; second < 10; second++) {
      for (const id of ids.slice(second * 200, second * 200 + 200)) {
        daemon.script.emit(containerEvent(id, 'die', Date.now()));
        daemon.script.emit(containerEvent(id, 'start', Date.now()));
      }
      daemon.script.past.length = 0;
      await daemon.watch(1);
    }
    const lists = daemon.server.asked.slice(asked).filter((url) => url.startsWith('/containers/json'));
    expect(lists.length).toBeLessThanOrEqual(12);
    const sent = okValue(daemon.newest().containers);
    expect(sent?.containers).toHaveLength(2000);
    const bytes = JSON.stringify(daemon.newest().containers).length;
    show({ lineBytes: bytes });
    expect(bytes).toBeLessThan(2000 * 500);
    daemon.lines.length = 0;
    daemon.server.asked.length = 0;
    await bytesBack(before, 8 * mebibyte);
  });
});

test('1,000 mount namespaces of 300 mounts take turns: a poll costs a part of the first, and goes on where the last one ended', async () => {
  const namespaces = 1000;
  const world = manyNamespaces(namespaces + 1, 300).world();
  const table = new ProcessTable(world);
  table.scan();
  const mounts = new MountsCollector(world, table, kernel);
  const first = await cpuMsOf(() => expect(mounts.collect().namespaces).toHaveLength(namespaces));
  const reads: number[] = [];
  for (let warm = 0; warm < 4; warm++) mounts.collect();
  const before = bytesInUse();
  const least = await leastCpuMs({
    works: { poll: () => reads.push(mounts.collect().reads) },
    rounds: 12,
    until: ({ poll }) => poll < first * 0.7,
  });
  const bytes = JSON.stringify(mounts.collect()).length;
  show({ namespaces, firstMs: first, pollMs: least.poll, leastReads: Math.min(...reads), bytes });
  expect(least.poll).toBeLessThan(first * 0.7);
  // However few a slow machine reads in its time, it goes on to the next ones.
  expect(Math.min(...reads)).toBeGreaterThan(0);
  await bytesBack(before, 16 * mebibyte);
});

test('a log of 10,000 lines a second costs a small multiple of splitting it into lines, and nothing that grows', async () => {
  const tree = new Tree().write('var/log/syslog', '');
  const file = path.join(tree.rootfs, 'var/log/syslog');
  const logs = new LogsCollector(tree.world(), { logs: [file] });
  onTestFinished(() => logs.close());
  logs.start();
  await logs.collect();
  const perPoll = 10_000;
  let polls = 0;
  let sent = 0;
  let text = '';
  const poll = async (): Promise<void> => {
    sent += okValue(await logs.collect())?.lines.length ?? 0;
  };
  const append = (): void => {
    text = logLines(perPoll, polls++ * perPoll);
    fs.appendFileSync(file, text);
  };
  for (let warm = 0; warm < 5; warm++) {
    append();
    await poll();
  }
  const before = bytesInUse();
  const least = await leastCpuMs({
    works: {
      append,
      poll,
      plain: () => {
        // As bytes first, as a file gives them.
        const lines = Buffer.from(text).toString('utf8').split('\n');
        expect(lines.filter((line) => /failed to exit within|using the force/.test(line)).length).toBe(perPoll / 200);
      },
    },
    rounds: 20,
    until: ({ poll, plain }) => poll < plain * 12,
  });
  const progress = okValue(okValue(await logs.collect())?.origins[0]?.reading);
  const size = fs.statSync(file).size;
  show({ logLinesPerPoll: perPoll, bytesPerPoll: size / polls, pollMs: least.poll, plainMs: least.plain });
  expect(least.poll).toBeLessThan(least.plain * 12);
  expect(sent).toBeLessThanOrEqual((polls + 1) * 100);
  // What a poll could not take is counted as passed over, not lost in silence.
  expect((progress?.bytes ?? 0) + (progress?.skippedBytes ?? 0)).toBeGreaterThan(size - 6 * mebibyte);
  text = '';
  await bytesBack(before, 8 * mebibyte);
});
