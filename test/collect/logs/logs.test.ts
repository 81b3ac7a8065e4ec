import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LogsCollector, type LogsOptions } from '../../../src/collect/logs/logs.ts';
import { World } from '../../../src/collect/world.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { recordedLog } from '../../parse/log/recordings.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Tree } from '../../support/world.ts';

const id = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';
const stop = (second: number): string =>
  `time="2026-11-21T06:42:${String(second).padStart(2, '0')}Z" level=info msg="Container ${id} failed to exit within 2 seconds of signal 15 - using the force"\n`;

function open(world: World, options: Partial<LogsOptions> = {}): LogsCollector {
  const logs = new LogsCollector(world, { logs: [], ...options });
  onTestFinished(() => logs.close());
  logs.start();
  return logs;
}

describe('the logs that are read', () => {
  test('of a captured tree that does not say where the node’s files are, are none', async () => {
    const { roots } = new Tree();
    const reading = await open(new World({ ...roots, rootfs: '/' })).collect();
    expect(reading).toEqual({ status: 'absent', detail: 'no log was found (name one with --log)' });
  });

  test.each([
    ['syslog, which has all that messages has', ['syslog', 'messages'], 'syslog'],
    ['messages', ['messages', 'dpkg.log'], 'messages'],
  ])('are %s', async (_, files, chosen) => {
    const tree = new Tree();
    for (const file of files) tree.write(`var/log/${file}`, '');
    const value = okValue(await open(tree.world()).collect());
    expect(value?.origins.map(({ name }) => name)).toEqual([`${tree.rootfs}/var/log/${chosen}`]);
    expect(value?.origins[0]?.reading.status).toBe('ok');
  });

  test('are the journal’s where there is one', async () => {
    const tree = new Tree().write('var/log/journal/0f0f/system.journal', '').write('var/log/syslog', '');
    const script = path.join(tree.rootfs, 'journalctl');
    const entry = { __REALTIME_TIMESTAMP: '1795243321000000', _TRANSPORT: 'stdout', SYSLOG_IDENTIFIER: 'dockerd' };
    tree.write('entry', `${JSON.stringify({ ...entry, MESSAGE: stop(1).trim() })}\n`);
    fs.writeFileSync(script, `#!/bin/sh\ncat '${tree.rootfs}/entry'\nexec sleep 60\n`, { mode: 0o755 });
    const logs = open(tree.world(), { journalctl: script });
    expect((await logs.collect()).status).toBe('pending');
    const value = await waitFor('the backlog', async () => okValue(await logs.collect()));
    expect(value.origins).toMatchObject([{ name: 'journal', reading: { status: 'ok', value: { lines: 1 } } }]);
    expect(value.lines).toMatchObject([{ sign: 'stop-force', unit: 'dockerd', container: id, origin: 'journal' }]);
  });

  test('are those that were named', async () => {
    const tree = new Tree().write('var/log/syslog', stop(1)).write('a.log', stop(2)).write('b.log', stop(3));
    const names = [`${tree.rootfs}/a.log`, `${tree.rootfs}/b.log`];
    const value = okValue(await open(tree.world(), { logs: [...names, ...names] }).collect());
    expect(value?.origins.map(({ name }) => name)).toEqual(names);
    expect(value?.tallies).toMatchObject([{ sign: 'stop-force', container: id, count: 2 }]);
  });
});

test('a log that cannot be read does not keep another from being read', async () => {
  const tree = new Tree().write('a.log', stop(2));
  const missing = `${tree.rootfs}/b.log`;
  const value = okValue(await open(tree.world(), { logs: [missing, `${tree.rootfs}/a.log`] }).collect());
  expect(value?.origins.map(({ reading }) => reading.status)).toEqual(['failed', 'ok']);
  expect(value?.lines).toHaveLength(1);
});

test('when none can be read, it says why; what was read before is reported even then', async () => {
  const tree = new Tree();
  const file = `${tree.rootfs}/docker.log`;
  const logs = open(tree.world(), { logs: [file] });
  const detail = `${file} is not there; it is read as soon as it appears`;
  expect(okValue(await logs.collect())).toMatchObject({
    origins: [{ name: file, named: true, reading: { status: 'failed', detail } }],
    tallies: [],
  });
  tree.write('docker.log', stop(1));
  expect(okValue(await logs.collect())?.tallies).toHaveLength(1);
  fs.rmSync(file);
  fs.mkdirSync(file);
  const value = okValue(await logs.collect());
  expect(value?.tallies).toHaveLength(1);
  expect(value?.lines).toEqual([]);
});

test('a whole captured log is read at the first poll', async () => {
  const name = 'stop-leak-t2.dockerd.log';
  const tree = new Tree().write('docker.log', recordedLog(name));
  const logs = open(tree.world(), { logs: [`${tree.rootfs}/docker.log`] });
  const value = okValue(await logs.collect());
  const count = (sign: string): number =>
    (value?.tallies ?? []).reduce((sum, tally) => (tally.sign === sign ? sum + tally.count : sum), 0);
  expect([count('stop-force'), count('direct-sigkill')]).toEqual([221, 559]);
  // Both lines of a container are counted under one spelling each: 64 digits, and 12; and dockerd was started once.
  expect(value?.tallies).toHaveLength(5);
  expect(value?.lines).toHaveLength(100);
  expect(value?.untold).toBe(1 + 221 + 559 - 100);
  expect(value?.lines.at(-1)?.n).toBe(1 + 221 + 559 - 1);
  const stops = (value?.tallies ?? []).filter(({ sign }) => sign !== 'dockerd-started');
  expect(stops.every(({ lastMinute, count: all }) => lastMinute > 0 && lastMinute <= all)).toBe(true);
});

test('what comes between two polls is reported at the next one', async () => {
  const tree = new Tree().write('docker.log', stop(1));
  const file = `${tree.rootfs}/docker.log`;
  const logs = open(tree.world(), { logs: [file] });
  await logs.collect();
  fs.appendFileSync(file, `${stop(2)}nothing to see\n${stop(3)}`);
  expect(okValue(await logs.collect())).toMatchObject({
    lines: [
      { n: 1, at: Date.UTC(2026, 10, 21, 6, 42, 2) },
      { n: 2, at: Date.UTC(2026, 10, 21, 6, 42, 3) },
    ],
    untold: 0,
    tallies: [{ count: 3 }],
  });
});

test('a file’s name shows whose lines it holds where they do not', async () => {
  const line = 'time="2026-11-21T06:42:01Z" level=error msg="device or resource busy"\n';
  const tree = new Tree();
  for (const name of ['dockerd.log', 'containerd.log', 'kubelet.log', 'kern.log']) tree.write(name, line);
  const names = ['dockerd.log', 'containerd.log', 'kubelet.log', 'kern.log'].map((name) => `${tree.rootfs}/${name}`);
  const value = okValue(await open(tree.world(), { logs: names }).collect());
  // The kernel has no such line.
  expect(value?.lines.map(({ unit }) => unit)).toEqual(['dockerd', 'containerd', 'kubelet']);
});

test('times of the ring buffer count from the node’s boot', async () => {
  const dmesg = '[  500.000000] INFO: task dd:24852 blocked for more than 120 seconds.\n';
  const tree = new Tree().write('dmesg.txt', dmesg).write('proc/stat', `btime ${Date.UTC(2026, 10, 21) / 1000}\n`);
  const value = okValue(await open(tree.world(), { logs: [`${tree.rootfs}/dmesg.txt`] }).collect());
  expect(value?.lines).toMatchObject([
    { at: Date.UTC(2026, 10, 21, 0, 8, 20), unit: 'kernel', pid: 24_852, comm: 'dd' },
  ]);
});
