import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import type { Link, LinkState } from '../../src/wire/link.ts';
import { openLive } from '../../src/wire/live.ts';
import { waitFor } from '../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
let procfs = '';
let link: Link | undefined;

/** A small node of two processes; opening a FIFO hangs until someone writes into it, as a read of a sick node does. */
beforeEach(() => {
  procfs = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-proc-'));
  fs.writeFileSync(`${procfs}/uptime`, '5000.00 9000.00\n');
  fs.writeFileSync(`${procfs}/stat`, 'cpu0 1 0 0 0 0 0 0 0 0 0\nbtime 1795000000\nprocs_blocked 0\n');
  fs.writeFileSync(`${procfs}/diskstats`, '');
  fs.writeFileSync(`${procfs}/meminfo`, 'MemTotal: 100 kB\nDirty: 8 kB\n');
  for (const pid of [41, 42]) {
    fs.mkdirSync(`${procfs}/${pid}`);
    const rest = '0 0 0 0 -1 4194304 0 0 0 0 5 5 0 0 20 0 1 0 1000 0 0';
    fs.writeFileSync(`${procfs}/${pid}/stat`, `${pid} (sleep) D ${rest}\n`);
  }
});

afterEach(() => {
  link?.close();
  fs.rmSync(procfs, { recursive: true, maxRetries: 5 });
});

test('a file that hangs costs its process, not the rest', async () => {
  fs.rmSync(`${procfs}/42/stat`);
  expect(spawnSync('mkfifo', [`${procfs}/42/stat`]).status).toBe(0);
  const samples: Sample[] = [];
  const states: LinkState[] = [];
  link = openLive(
    {
      command: [launcher],
      args: ['--procfs', procfs, '--sysfs', procfs, '--docker-host', `unix://${procfs}/none.sock`],
      intervalMs: 250,
      // Patient enough for a machine that runs other tests meanwhile.
      silenceMs: 700,
      startMs: 5000,
      carefulMs: 60_000,
    },
    { onSample: (sample) => samples.push(sample), onState: (state) => states.push(state) },
  );
  await waitFor('the file that hangs', () => states.find(({ hangsOn }) => hangsOn?.path === `${procfs}/42/stat`));
  const output = await waitFor(
    'processes without the one that hangs',
    () => samples.find(({ readings }) => readings.processes?.status === 'ok')?.readings.processes,
  );
  expect(output.status === 'ok' && output.value.processes.map(({ pid }) => pid)).toEqual([41]);
  await waitFor('what is left out', () => states.at(-1)?.quarantined.includes(`${procfs}/42`));
});
