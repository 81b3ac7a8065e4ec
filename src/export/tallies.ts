import { daemonName } from '../model/daemons/kind.ts';
import type { DaemonValue } from '../sample/daemons.ts';
import { okValue } from '../sample/reading.ts';
import type { Sample } from '../sample/sample.ts';

/** What is counted while samples arrive, because no sample carries the sum. */
export interface Tallies {
  /** CPU time of the samplers before this one, milliseconds. */
  readonly earlierCpuMs: number;
  /** The newest sampler. */
  readonly pid: number;
  readonly cpuMs: number;
  /** The newest round trip to each endpoint, milliseconds: the same one comes with several samples. */
  readonly pings: ReadonlyMap<string, number>;
  /** What the daemons are called, by pid: a node can have several containerds. */
  readonly names: ReadonlyMap<number, string>;
}

export const noTallies: Tallies = { earlierCpuMs: 0, pid: 0, cpuMs: 0, pings: new Map(), names: new Map() };

/** A round trip that was not seen before. */
interface RoundTrip {
  readonly endpoint: string;
  readonly daemon: string;
  readonly ms: number;
}

/** Takes a sample in, and returns the round trips that are new with it. */
export function reduceTallies(
  before: Tallies,
  { sampler, readings }: Sample,
): { readonly tallies: Tallies; readonly roundTrips: readonly RoundTrip[] } {
  const isSame = sampler.pid === before.pid;
  const daemons = okValue(readings.daemons)?.daemons;
  const names =
    daemons === undefined
      ? before.names
      : new Map(
          daemons.flatMap(({ process, ...daemon }): [number, string][] =>
            process.status === 'ok' ? [[process.value.pid, nameOf(daemon)]] : [],
          ),
        );
  const roundTrips = measured(readings, names).filter(({ endpoint, ms }) => before.pings.get(endpoint) !== ms);
  return {
    roundTrips,
    tallies: {
      earlierCpuMs: before.earlierCpuMs + (isSame ? 0 : before.cpuMs),
      pid: sampler.pid,
      // Two samplers that write at about the same time: none goes back.
      cpuMs: isSame ? Math.max(before.cpuMs, sampler.cpuMs) : sampler.cpuMs,
      pings: new Map([...before.pings, ...roundTrips.map(({ endpoint, ms }): [string, number] => [endpoint, ms])]),
      names,
    },
  };
}

const nameOf = (daemon: Pick<DaemonValue, 'name' | 'engine' | 'version'>): string =>
  daemonName(daemon, okValue(daemon.version)?.product ?? null);

function measured({ daemons, cri }: Sample['readings'], names: Tallies['names']): readonly RoundTrip[] {
  const all = [
    ...(okValue(daemons)?.daemons ?? []).map((daemon) => ({
      endpoint: daemon.name,
      daemon: nameOf(daemon),
      ping: daemon.ping,
    })),
    ...(okValue(cri)?.runtimes ?? []).map(({ kind, socket, pid, ping }) => ({
      endpoint: socket,
      daemon: names.get(pid ?? 0) ?? kind,
      ping,
    })),
  ];
  return all.flatMap(({ ping, ...named }) => (ping.status === 'ok' ? [{ ...named, ms: ping.value.ms }] : []));
}

/** CPU time of all samplers so far, seconds. It never falls. */
export function samplerCpuSeconds({ earlierCpuMs, cpuMs }: Tallies): number {
  return (earlierCpuMs + cpuMs) / 1000;
}
