import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { emptyHistory, reduce } from '../../src/model/history.ts';
import { derive } from '../../src/model/model.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { stalledReader } from '../../src/rules/stalled-reader.ts';
import type { Sample, SourceName } from '../../src/sample/sample.ts';
import type { LinkState } from '../../src/wire/link.ts';
import { openLive } from '../../src/wire/live.ts';
import { waitFor } from '../support/wait-for.ts';
import { blocked, container, containerd, dockerd, SickNode, shim, zombie } from './sick-node.ts';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const patience = { timeoutMs: 120_000, everyMs: 50 };

/** Each kind of file that a look may read, and a source that has nothing to do with it. */
const kinds: readonly (readonly [file: string, goesOn: SourceName])[] = [
  [`proc/${blocked}/stat`, 'disks'],
  [`proc/${blocked}/status`, 'disks'],
  [`proc/${blocked + 1}/cgroup`, 'disks'],
  [`proc/${blocked}/wchan`, 'disks'],
  [`proc/${blocked}/stack`, 'disks'],
  [`proc/${blocked}/syscall`, 'disks'],
  [`proc/${blocked}/sched`, 'disks'],
  [`proc/${blocked}/fd/1`, 'disks'],
  [`proc/${blocked}/mountinfo`, 'disks'],
  [`proc/${blocked}/ns/mnt`, 'disks'],
  [`proc/${blocked}/io`, 'disks'],
  [`proc/${zombie}/task/${zombie + 1}/stat`, 'disks'],
  [`proc/${shim}/ns/mnt`, 'disks'],
  ['proc/1/mountinfo', 'processes'],
  [`proc/${containerd}/mountinfo`, 'processes'],
  [`proc/${dockerd}/status`, 'disks'],
  [`proc/${dockerd}/cmdline`, 'processes'],
  [`proc/${dockerd}/limits`, 'processes'],
  [`proc/${dockerd}/fd/1`, 'processes'],
  [`proc/${dockerd}/net/unix`, 'processes'],
  ['proc/uptime', 'cgroups'],
  ['proc/stat', 'processes'],
  ['proc/meminfo', 'processes'],
  ['proc/vmstat', 'processes'],
  ['proc/diskstats', 'processes'],
  ['proc/pressure/io', 'processes'],
  ['proc/cmdline', 'processes'],
  ['proc/sys/fs/file-nr', 'processes'],
  ['proc/sys/kernel/hostname', 'processes'],
  ['proc/sys/kernel/osrelease', 'processes'],
  ['sys/fs/cgroup/cgroup.stat', 'processes'],
  [`sys/fs/cgroup/docker/${container}/io.stat`, 'processes'],
  ['root/etc/os-release', 'processes'],
];

/** Of the test that runs: beside others the one that vitest finds by itself may be another. */
type Ends = TestContext['onTestFinished'];

/** A link to a sampler that looks at the node, and what it brought. */
class Watched {
  readonly samples: Sample[] = [];
  readonly states: LinkState[] = [];
  readonly close: () => void;
  #history = emptyHistory;

  constructor(node: SickNode, onTestFinished: Ends, ...args: readonly string[]) {
    const link = openLive(
      // Patient enough for a machine that runs other tests meanwhile.
      {
        command: [launcher],
        args: [...node.args(), ...args],
        intervalMs: 500,
        silenceMs: 700,
        startMs: 5000,
        carefulMs: 60_000,
      },
      {
        onSample: (sample) => {
          this.samples.push(sample);
          this.#history = reduce(this.#history, sample);
        },
        onState: (state) => this.states.push(state),
      },
    );
    this.close = link.close;
    onTestFinished(link.close);
  }

  get finding(): Finding | undefined {
    return run([stalledReader], derive(this.#history)).findings[0];
  }

  /** Whether the newest sampler has told of a source. */
  reports(source: SourceName): boolean {
    const pid = this.samples.at(-1)?.sampler.pid;
    return this.samples.some(({ sampler, readings }) => sampler.pid === pid && readings[source]?.status === 'ok');
  }
}

function sickNode(onTestFinished: Ends): SickNode {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtw-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return new SickNode(folder);
}

function lives(pid: number): boolean {
  try {
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.concurrent('a file that hangs', { timeout: 400_000 }, () => {
  test('is one of ten: they are found one after the other, and the rest goes on', async ({ onTestFinished }) => {
    const node = sickNode(onTestFinished);
    const pids = Array.from({ length: 10 }, (_, index) => 1000 + index);
    for (const pid of pids) node.process({ pid, comm: 'dd', state: 'D', ppid: shim });
    node.block(...pids.map((pid) => `proc/${pid}/stack`));
    const watched = new Watched(node, onTestFinished);
    await waitFor('all of them', () => watched.states.at(-1)?.quarantined.length === pids.length, {
      timeoutMs: 300_000,
      everyMs: 50,
      detail: () => JSON.stringify(watched.states.at(-1)),
    });
    await waitFor('the processes', () => watched.reports('processes') && watched.reports('disks'), patience);
    expect(watched.finding?.subjects.pids.toSorted()).toEqual(pids);
    const table = watched.samples.findLast(({ readings }) => readings.processes?.status === 'ok')?.readings.processes;
    expect(table?.status === 'ok' && table.value.processes.map(({ pid }) => pid)).toContain(blocked);
  });

  test.for(kinds)('%s is named, and %s goes on', async ([file, goesOn], { onTestFinished }) => {
    const node = sickNode(onTestFinished);
    node.block(file);
    const watched = new Watched(node, onTestFinished, '--log', `${node.rootfs}/var/log/messages`);
    const wanted = path.join(node.folder, file);
    const words = (): string[] => {
      const found = watched.finding;
      return found === undefined ? [] : [found.title, ...found.evidence.map(({ source }) => source)];
    };
    // In the second half of a poll it has no name yet: the next sampler announces every file.
    const detail = (): string => `${wanted} in ${words().join('; ')}`;
    await waitFor('the finding', () => words().join('\n').includes(wanted), { ...patience, detail });
    await waitFor(
      `${goesOn} without it`,
      () => watched.states.at(-1)?.status === 'live' && watched.reports(goesOn),
      patience,
    );

    watched.close();
    const pids = [...new Set(watched.samples.map(({ sampler }) => sampler.pid))];
    await waitFor('the end of all samplers', () => !pids.some(lives));
  });

  test('is named also among thousands that are announced in one go, more than a pipe holds', async ({
    onTestFinished,
  }) => {
    const node = sickNode(onTestFinished);
    for (let index = 0; index < 4000; index++) node.stat({ pid: 2000 + index });
    node.block('proc/5999/stat');
    const watched = new Watched(node, onTestFinished);
    await waitFor('the finding', () => watched.finding?.title.includes('/proc/5999/stat'), patience);
    expect(watched.states.at(-1)?.quarantined).toEqual([`${node.procfs}/5999`]);
  });

  test('is in the list above, whatever a poll reads', async ({ onTestFinished }) => {
    const node = sickNode(onTestFinished);
    const args = ['sample', '--announce-all', '--log', `${node.rootfs}/var/log/messages`, ...node.args()];
    const read = await filesRead(args, node.folder, onTestFinished);
    const kindOf = (file: string): string => file.replace(/^proc\/\d+\//, 'proc/N/').replace(/task\/\d+\//, 'task/N/');
    const listed = new Set(kinds.map(([file]) => kindOf(file)));
    expect(read.length).toBeGreaterThan(30);
    // Links are not opened, and a log is refused where it is no regular file.
    const others = read.filter((file) => !/\/(?:fd\/\d|cwd|root|exe)$|^root\/var\/log/.test(file));
    expect(others.map(kindOf).filter((kind) => !listed.has(kind))).toEqual([]);
  });

  test('is not what a FIFO in the place of a log or directory is: that is refused at once', async ({
    onTestFinished,
  }) => {
    const node = sickNode(onTestFinished);
    node.block('root/var/log/messages', `proc/${dockerd}/fd`, `proc/${zombie}/task`);
    const watched = new Watched(node, onTestFinished, '--log', `${node.rootfs}/var/log/messages`);
    await waitFor('the looks', () => watched.reports('processes') && watched.reports('daemons'), patience);
    const logs = await waitFor('the log', () => watched.samples.find(({ readings }) => readings.logs)?.readings.logs);
    const origins = logs.status === 'ok' ? logs.value.origins.map(({ reading }) => reading) : [];
    expect(origins).toMatchObject([{ status: 'failed', detail: expect.stringContaining('is not a regular file') }]);
    expect(watched.states.at(-1)).toMatchObject({ status: 'live', restarts: 0 });
  });
});

/** The regular files below the folder that a sampler says it reads, in its first seconds. */
async function filesRead(args: readonly string[], folder: string, onTestFinished: Ends): Promise<string[]> {
  const child = spawn(launcher, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await waitFor('a few looks', () => said.split('"begin":{"source":"processes"}').length > 6, patience);
  const paths = said
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => (JSON.parse(line) as Sample).begin?.path ?? []);
  const isFile = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  return [...new Set(paths)].filter((file) => isFile(file)).map((file) => path.relative(folder, file));
}
