/** CPU time of this thread during the call, in milliseconds: not what else the machine does. */
export function threadMsOf(call: () => void): number {
  const before = process.threadCpuUsage();
  call();
  return inMs(process.threadCpuUsage(before));
}

/** CPU time of this process during the work, in milliseconds. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return inMs(process.cpuUsage(before));
}

interface Rounds<Name extends string> {
  /** Each runs once a round. */
  readonly works: Readonly<Record<Name, () => unknown>>;
  readonly rounds: number;
  /** Rounds before these, which compile and fill caches: not measured. */
  readonly warmUp?: number;
  /** While it is false, more rounds run, up to five times as many. */
  readonly until: (least: Readonly<Record<Name, number>>) => boolean;
}

/**
 * The least CPU time of each of several works, in milliseconds. What else runs on a machine only adds to a round, by misses of the processor's
 * caches and by interrupts: the least is the nearest to the cost of the work, and comes nearer with each round. So a comparison of two does
 * not depend on a quiet machine, and work that costs too much costs too much in each round.
 */
export async function leastCpuMs<Name extends string>({
  works,
  rounds,
  warmUp = 0,
  until,
}: Rounds<Name>): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(works) as Name[];
  const least = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<Name, number>;
  for (let round = -warmUp; round < rounds * 5; round++) {
    if (round >= rounds && until(least)) break;
    for (const name of names) {
      const ms = await cpuMsOf(works[name]);
      if (round >= 0) least[name] = Math.min(least[name], ms);
    }
  }
  return least;
}

const inMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
