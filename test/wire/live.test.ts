import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import type { Link, LinkState } from '../../src/wire/link.ts';
import { type LiveOptions, openLive } from '../../src/wire/live.ts';
import { holdTime, pass } from '../collect/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';

const fake = path.join(import.meta.dirname, '../support/fake-sampler.js');
/** Of the fake sampler. */
const tickMs = 100;
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
  fs.rmSync(folder, { recursive: true, maxRetries: 5 });
});

/** Runs the fake sampler and keeps what the link says. Time passes for the link only in `until`. */
function open(mode: string, more: Partial<LiveOptions> = {}) {
  holdTime();
  const samples: Sample[] = [];
  const states: LinkState[] = [];
  const lines = (): string[] =>
    fs
      .readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const starts = (): string[] => lines().filter((line) => !line.endsWith(' hangs'));
  /** How much time passes for the link while the sampler (not one that probes beside it) says nothing. */
  const stepMs = (): number => {
    const pid = Number(
      starts()
        .findLast((line) => !line.includes('--skip host'))
        ?.split(' ')[0],
    );
    if (!lives(pid)) return 10;
    return stateOf(pid) === 'T' || lines().includes(`${pid} hangs`) ? 100 : 1;
  };
  let heard = 0;
  /** Time passes by the sampler's lines, a tick each, and fast only when it is known to hang: a busy machine is no silence. */
  const until = <T>(what: string, look: () => T) =>
    waitFor(what, async () => {
      const seen = look();
      if (seen !== null && seen !== undefined && seen !== false) return seen;
      const ticks = samples.length - heard;
      heard = samples.length;
      await pass(ticks * tickMs + stepMs());
      return look();
    });
  link = openLive(
    {
      command: ['/usr/bin/env', `FAKE_SAMPLER=${mode}`, `FAKE_SAMPLER_LOG=${log}`, process.execPath, fake],
      args: ['--procfs', '/proc'],
      intervalMs: 1000,
      silenceMs: 300,
      ...more,
    },
    { onSample: (sample) => samples.push(sample), onState: (state) => states.push(state) },
  );
  return {
    samples,
    states,
    starts,
    until,
  };
}

/** Its state as /proc says it; null when there is no such process. */
function stateOf(pid: number): string | null {
  try {
    return /\) (\S)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process is there and not a zombie. */
const lives = (pid: number): boolean => ![null, 'Z'].includes(stateOf(pid));

describe('the live link', () => {
  test('runs the sampler with the options it was given and hears it', async () => {
    const { samples, states, starts, until } = open('ticks');
    await until('three samples', () => samples.length > 2);
    expect(starts()[0]).toMatch(/^\d+ sample --omit-unchanged --procfs \/proc --interval 1000ms$/);
    expect(states.at(-1)).toMatchObject({ status: 'live', restarts: 0, quarantined: [] });
  });

  test('starts another sampler when one is killed, and goes on', async () => {
    const { samples, states, until } = open('ticks');
    const first = await until('a sample', () => samples[0]?.sampler.pid);
    process.kill(first, 'SIGKILL');
    await until('a sample of another sampler', () => samples.some(({ sampler }) => sampler.pid !== first));
    expect(states).toContainEqual(
      expect.objectContaining({
        status: 'silent',
        detail: 'killed by SIGKILL, probably because memory ran out (see dmesg)',
      }),
    );
    expect(states.at(-1)).toMatchObject({ status: 'live', restarts: 1 });
  });

  test('starts another sampler when one is stopped, and ends the stopped one', async () => {
    const { samples, until } = open('ticks');
    const first = await until('a sample', () => samples[0]?.sampler.pid);
    process.kill(first, 'SIGSTOP');
    await until('a sample of another sampler', () => samples.some(({ sampler }) => sampler.pid !== first));
    await until('the end of the stopped one', () => !lives(first));
  });

  test('waits longer and longer for a sampler that ends at once', async () => {
    const { starts, states, until } = open('ends');
    await until('the third start', () => starts().length >= 3);
    expect(states.some(({ status }) => status === 'silent')).toBe(true);
  });

  test('gives up when the sampler does not know its options, and says why', async () => {
    const { states, starts, until } = open('complains');
    await until('the end', () => states.at(-1)?.status === 'ended');
    expect(states.at(-1)?.detail).toBe('docker host "x" is not of the form unix:///path');
    expect(starts()).toHaveLength(1);
  });

  test('says what is wrong when something else than samples comes', async () => {
    const { states, until } = open('garbage');
    await until('the complaint', () => states.find(({ detail }) => detail?.includes('JSON')));
  });

  test('finds the file that hangs a sampler, says so, and leaves its process out', async () => {
    const { states, starts, samples, until } = open('hangs');
    await until('the source that hangs', () => states.find(({ hangsOn }) => hangsOn?.source === 'processes'));
    await until('the file that hangs', () => states.find(({ hangsOn }) => hangsOn?.path === '/proc/4242/cgroup'));
    await until('a sampler that leaves it out', () => starts().some((line) => line.includes('--avoid /proc/4242')));
    const last = Number(starts().at(-1)?.split(' ')[0]);
    await until('its samples', () => samples.some(({ sampler }) => sampler.pid === last));
    expect(states.at(-1)).toMatchObject({ status: 'live', quarantined: ['/proc/4242'] });
    const hung = { source: 'processes', path: '/proc/4242/cgroup', at: samples[1]?.at };
    expect(samples.findLast(({ sampler }) => sampler.pid === last)?.sampler.hung).toEqual([hung]);
    expect(samples[0]?.sampler).not.toHaveProperty('hung');
    for (const line of starts().slice(0, -1))
      await until('the end of those that hung', () => !lives(Number(line.split(' ')[0])));
  });

  test('leaves a source out when its files hang one after the other, and frees the processes it blamed', async () => {
    const { states, starts, samples, until } = open('locks');
    await until('the source to be left out', () => states.at(-1)?.quarantined.includes('mounts'));
    await until('a sampler that goes on without', () => states.at(-1)?.status === 'live');
    expect(states.at(-1)?.quarantined).toEqual(['mounts']);
    const paths = ['/proc/1/mountinfo', '/proc/2/mountinfo', '/proc/3/mountinfo', null];
    expect(samples.at(-1)?.sampler.hung?.map(({ path }) => path)).toEqual(paths);
    expect(starts().at(-1)).toMatch(/--announce-all --skip mounts$/);
  });

  test('tries in a sampler beside what was left out, and reads it again when it heals', async () => {
    const { states, starts, samples, until } = open('locks', { retryMs: 600, carefulMs: 1500 });
    await until('the source to be left out', () => states.at(-1)?.quarantined.includes('mounts'));
    const tries = (): string[] => starts().filter((line) => line.includes('--skip host'));
    await until('a try that hangs', () => tries().length > 0);
    expect(tries()[0]).not.toContain('--skip mounts');
    expect(tries()[0]).not.toContain('--skip processes');
    const heard = samples.length;
    await until('the sampler to go on meanwhile', () => samples.length > heard + 5);
    await until('the end of the try', () => !lives(Number(tries()[0]?.split(' ')[0])));
    expect(states.at(-1)).toMatchObject({ quarantined: ['mounts'] });

    fs.writeFileSync(`${log}.healed`, '');
    await until('the source again', () => states.at(-1)?.quarantined.length === 0);
    await until('a Sample with it', () => samples.at(-1)?.readings.mounts);
    expect(samples.at(-1)?.sampler).not.toHaveProperty('hung');
  });

  test('takes another interval by starting anew', async () => {
    const { samples, starts, until } = open('ticks');
    await until('a sample', () => samples.length > 0);
    link?.setInterval?.(5000);
    await until('a sampler with the new interval', () => starts().some((line) => line.endsWith('--interval 5000ms')));
  });

  test('leaves no sampler behind when it is closed', async () => {
    const { samples, until } = open('ticks');
    const pid = await until('a sample', () => samples[0]?.sampler.pid);
    link?.close();
    await until('its end', () => !lives(pid));
  });
});
