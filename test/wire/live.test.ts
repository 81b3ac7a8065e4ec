import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import type { Link, LinkState } from '../../src/wire/link.ts';
import { type LiveOptions, openLive } from '../../src/wire/live.ts';
import { waitFor } from '../support/wait-for.ts';

const fake = path.join(import.meta.dirname, '../support/fake-sampler.ts');
let folder = '';
let log = '';
let link: Link | undefined;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-live-'));
  log = path.join(folder, 'log');
  fs.writeFileSync(log, '');
});

afterEach(() => {
  link?.close();
  fs.rmSync(folder, { recursive: true });
});

/** Runs the fake sampler and keeps what the link says. */
function open(
  mode: string,
  silenceMs = 300,
  more: Partial<LiveOptions> = {},
): { samples: Sample[]; states: LinkState[]; starts: () => string[] } {
  const samples: Sample[] = [];
  const states: LinkState[] = [];
  link = openLive(
    {
      command: ['/usr/bin/env', `FAKE_SAMPLER=${mode}`, `FAKE_SAMPLER_LOG=${log}`, process.execPath, fake],
      args: ['--procfs', '/proc'],
      intervalMs: 1000,
      silenceMs,
      ...more,
    },
    { onSample: (sample) => samples.push(sample), onState: (state) => states.push(state) },
  );
  return {
    samples,
    states,
    starts: () =>
      fs
        .readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}

/** Whether a process is there and not a zombie. */
function lives(pid: number): boolean {
  try {
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the live link', () => {
  test('runs the sampler with the options it was given and hears it', async () => {
    const { samples, states, starts } = open('ticks');
    await waitFor('three samples', () => samples.length > 2);
    expect(starts()[0]).toMatch(/^\d+ sample --procfs \/proc --interval 1000ms$/);
    expect(states.at(-1)).toMatchObject({ status: 'live', restarts: 0, quarantined: [] });
  });

  test('starts another sampler when one is killed, and goes on', async () => {
    const { samples, states } = open('ticks');
    const first = await waitFor('a sample', () => samples[0]?.sampler.pid);
    process.kill(first, 'SIGKILL');
    await waitFor('a sample of another sampler', () => samples.some(({ sampler }) => sampler.pid !== first));
    expect(states.map(({ status }) => status)).toContain('silent');
    expect(states.at(-1)).toMatchObject({ status: 'live', restarts: 1 });
  });

  test('starts another sampler when one is stopped, and ends the stopped one', async () => {
    const { samples } = open('ticks');
    const first = await waitFor('a sample', () => samples[0]?.sampler.pid);
    process.kill(first, 'SIGSTOP');
    await waitFor('a sample of another sampler', () => samples.some(({ sampler }) => sampler.pid !== first));
    await waitFor('the end of the stopped one', () => !lives(first));
  });

  test('waits longer and longer for a sampler that ends at once', async () => {
    const { starts, states } = open('ends');
    await waitFor('the third start', () => starts().length >= 3);
    expect(states.some(({ status }) => status === 'silent')).toBe(true);
  });

  test('gives up when the sampler does not know its options, and says why', async () => {
    const { states, starts } = open('complains');
    await waitFor('the end', () => states.at(-1)?.status === 'ended');
    expect(states.at(-1)?.detail).toBe('docker host "x" is not of the form unix:///path');
    expect(starts()).toHaveLength(1);
  });

  test('says what is wrong when something else than samples comes', async () => {
    const { states } = open('garbage');
    await waitFor('the complaint', () => states.find(({ detail }) => detail?.includes('JSON')));
  });

  test('finds the file that hangs a sampler, says so, and leaves its process out', async () => {
    const { states, starts, samples } = open('hangs');
    await waitFor('the source that hangs', () => states.find(({ hangsOn }) => hangsOn?.source === 'processes'));
    await waitFor('the file that hangs', () => states.find(({ hangsOn }) => hangsOn?.path === '/proc/4242/cgroup'));
    await waitFor('a sampler that leaves it out', () => starts().some((line) => line.includes('--avoid /proc/4242')));
    const last = Number(starts().at(-1)?.split(' ')[0]);
    await waitFor('its samples', () => samples.some(({ sampler }) => sampler.pid === last));
    expect(states.at(-1)).toMatchObject({ status: 'live', quarantined: ['/proc/4242'] });
    const hung = { source: 'processes', path: '/proc/4242/cgroup', at: samples[1]?.at };
    expect(samples.findLast(({ sampler }) => sampler.pid === last)?.sampler.hung).toEqual([hung]);
    expect(samples[0]?.sampler).not.toHaveProperty('hung');
    for (const line of starts().slice(0, -1))
      await waitFor('the end of those that hung', () => !lives(Number(line.split(' ')[0])));
  });

  test('leaves a source out when its files hang one after the other, and frees the processes it blamed', async () => {
    const { states, starts, samples } = open('locks');
    await waitFor('the source to be left out', () => states.at(-1)?.quarantined.includes('mounts'), {
      timeoutMs: 15_000,
    });
    await waitFor('a sampler that goes on without', () => states.at(-1)?.status === 'live');
    expect(states.at(-1)?.quarantined).toEqual(['mounts']);
    const paths = ['/proc/1/mountinfo', '/proc/2/mountinfo', '/proc/3/mountinfo', null];
    expect(samples.at(-1)?.sampler.hung?.map(({ path }) => path)).toEqual(paths);
    expect(starts().at(-1)).toMatch(/--announce-all --disable mounts$/);
  }, 20_000);

  test('tries in a sampler beside what was left out, and reads it again when it heals', async () => {
    const { states, starts, samples } = open('locks', 300, { retryMs: 600, carefulMs: 1500 });
    await waitFor('the source to be left out', () => states.at(-1)?.quarantined.includes('mounts'), {
      timeoutMs: 15_000,
    });
    const tries = (): string[] => starts().filter((line) => line.includes('--disable host'));
    await waitFor('a try that hangs', () => tries().length > 0, { timeoutMs: 15_000 });
    expect(tries()[0]).not.toContain('--disable mounts');
    expect(tries()[0]).not.toContain('--disable processes');
    const heard = samples.length;
    await waitFor('the sampler to go on meanwhile', () => samples.length > heard + 5);
    await waitFor('the end of the try', () => !lives(Number(tries()[0]?.split(' ')[0])), { timeoutMs: 15_000 });
    expect(states.at(-1)).toMatchObject({ quarantined: ['mounts'] });

    fs.writeFileSync(`${log}.healed`, '');
    await waitFor('the source again', () => states.at(-1)?.quarantined.length === 0, { timeoutMs: 15_000 });
    await waitFor('a Sample with it', () => samples.at(-1)?.readings.mounts);
    expect(samples.at(-1)?.sampler).not.toHaveProperty('hung');
  }, 40_000);

  test('takes another interval by starting anew', async () => {
    const { samples, starts } = open('ticks');
    await waitFor('a sample', () => samples.length > 0);
    link?.setInterval?.(5000);
    await waitFor('a sampler with the new interval', () => starts().some((line) => line.endsWith('--interval 5000ms')));
  });

  test('leaves no sampler behind when it is closed', async () => {
    const { samples } = open('ticks');
    const pid = await waitFor('a sample', () => samples[0]?.sampler.pid);
    link?.close();
    await waitFor('its end', () => !lives(pid));
  });
});
