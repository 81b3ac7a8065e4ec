import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Process } from '../engine/proc.ts';
import { waitFor } from '../support/wait-for.ts';
import { probeKeys } from './keys.ts';
import { Pty } from './pty.ts';
import { endable, samplersOf } from './samplers.ts';
import { blocked, SickNode } from './sick-node.ts';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
/**
 * What is promised is 200 ms and half a second: chaos measures it. Here other tests run on the same cores; what waits for a
 * sampler waits for its silence, which is longer than this, and then for the next one.
 */
const busyMs = 5000;

let folder: string;
let node: SickNode;
let pty: Pty;
let seen: Map<number, Process>;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtw-'));
  node = new SickNode(folder);
  seen = new Map();
  pty = await Pty.open(folder, [launcher, ...node.args()]);
  await waitFor('the panes', () => pty.drawnSince(0).includes(`pid ${blocked}`));
});

afterEach(() => {
  pty.close();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a file that hangs is named on the screen, and the keys answer all the while', async () => {
  node.block(`proc/${blocked}/stack`);
  const took: number[] = [];
  let named = false;
  const until = performance.now() + 120_000;
  // On a busy machine the file may be named before a few keys were answered.
  while (!(named && took.length > 3) && performance.now() < until) {
    took.push(await probeKeys(pty));
    look();
    named ||= /stack\S* of dd \(pid \d+\) does not answer|quarantined because/.test(pty.drawnSince(0));
  }
  expect(named).toBe(true);
  expect(took.length).toBeGreaterThan(3);
  expect(Math.max(...took)).toBeLessThan(busyMs);
  await quit();
});

test('a sampler that is stopped holds up no key, is replaced, and nothing is left after quitting', async () => {
  const stopped = await waitFor('the sampler', () => samplersOf(pty.pid)[0]);
  look();
  process.kill(stopped.pid, 'SIGSTOP');
  const took: number[] = [];
  await waitFor(
    'another sampler',
    async () => {
      took.push(await probeKeys(pty));
      look();
      return seen.size > 1;
    },
    { timeoutMs: 120_000 },
  );
  expect(Math.max(...took)).toBeLessThan(busyMs);
  await quit();
});

test('while a read hangs, quitting takes no longer', async () => {
  node.block('proc/stat');
  await waitFor('the silence', () => pty.drawnSince(0).includes('hangs reading'));
  await quit();
});

/** Notes the samplers there are. */
function look(): void {
  for (const sampler of samplersOf(pty.pid)) seen.set(sampler.pid, sampler);
}

async function quit(): Promise<void> {
  look();
  const pressed = performance.now();
  pty.press('q');
  await waitFor('the end', () => !pty.isOpen);
  expect((pty.endedAt ?? Number.POSITIVE_INFINITY) - pressed).toBeLessThan(busyMs);
  expect(pty.exitCode).toBe(0);
  await waitFor('the end of every sampler', () => endable(seen.values()).length === 0);
}
