import { expect, test } from 'vitest';
import { noTallies, reduceTallies, samplerCpuSeconds, type Tallies } from '../../src/export/tallies.ts';
import type { CriRuntime } from '../../src/sample/cri.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';

const after = (samples: readonly Sample[]): Tallies =>
  samples.reduce((before, sample) => reduceTallies(before, sample).tallies, noTallies);
const cost = (pid: number, cpuMs: number): Sample['sampler'] => ({ pid, cpuMs, rssBytes: 1 });
const at = (seconds: number, pid: number, cpuMs: number): Sample =>
  make.sampleAt(seconds, {}, { sampler: cost(pid, cpuMs) });

test('the CPU time of the samplers never falls, also when another one starts', () => {
  const samples = [at(0, 1, 100), at(1, 1, 250), at(2, 2, 40), at(3, 2, 90), at(4, 3, 10)];
  const seen = samples.map((_, index) => samplerCpuSeconds(after(samples.slice(0, index + 1))));
  expect(seen).toEqual([0.1, 0.25, 0.29, 0.34, 0.35]);
});

test('a round trip counts once, however many samples bring it', () => {
  const ping = (ms: number): Sample =>
    make.sampleAt(0, { daemons: ok(make.daemons(make.dockerd({ ping: ok({ ms }, ms) })), 1) });
  const samples = [ping(2.5), ping(2.5), ping(3.1), ping(3.1), make.sampleAt(4, {}), ping(2.5)];
  let tallies = noTallies;
  const counted = samples.flatMap((sample) => {
    const next = reduceTallies(tallies, sample);
    tallies = next.tallies;
    return next.roundTrips.map(({ daemon, ms }) => [daemon, ms]);
  });
  expect(counted).toEqual([
    ['dockerd', 2.5],
    ['dockerd', 3.1],
    ['dockerd', 2.5],
  ]);
});

test('round trips of two containerds have the names of their processes', () => {
  const daemon = (name: string, pid: number): DaemonValue =>
    make.containerd({ name, process: ok(make.daemonProcess({ pid }), 1) });
  const runtime = (socket: string, pid: number | null, ms: number): CriRuntime[] => [
    ...make.cri({ kind: 'containerd', socket, pid, ping: ok({ ms }, ms) }).runtimes,
  ];
  const sample = make.sampleAt(0, {
    daemons: ok({ ...make.daemons(), daemons: [daemon('containerd', 7), daemon('containerd-k3s', 8)] }, 1),
    cri: ok(
      { runtimes: [...runtime('unix:///a', 7, 1), ...runtime('unix:///b', 8, 2), ...runtime('unix:///c', null, 3)] },
      1,
    ),
  });
  expect(reduceTallies(noTallies, sample).roundTrips).toEqual([
    { endpoint: 'unix:///a', daemon: 'containerd', ms: 1 },
    { endpoint: 'unix:///b', daemon: 'containerd-k3s', ms: 2 },
    { endpoint: 'unix:///c', daemon: 'containerd', ms: 3 },
  ]);
});
