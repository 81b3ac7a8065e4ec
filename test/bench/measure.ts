import { addTo, type ByWatcher } from './by-watcher.ts';
import { type Load, startLoad } from './load.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { Scratch } from './scratch.ts';
import { startSleepers } from './sleepers.ts';
import { measureStart } from './start.ts';
import { measureTicks, type Ticks } from './ticks.ts';
import { findWatchers, rtwatchName, type Watcher } from './watchers.ts';
import { measureWindow, type WindowCost, warmUpSeconds } from './window.ts';

const starts = 5;
/** The mounts are looked at every ten seconds, and the second look is the one that counts. */
const shortestTicksSeconds = 12;

/** All that was measured. */
export interface Results {
  readonly machine: Machine;
  readonly settings: Settings;
  readonly watchers: readonly { readonly name: string; readonly version: string }[];
  readonly calm: readonly CalmResult[];
  readonly busy: BusyResult;
}

export interface Settings {
  readonly intervalSeconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly starts: number;
  readonly columns: number;
  readonly rows: number;
}

export interface CalmResult {
  readonly sleeping: number;
  readonly windows: ByWatcher<WindowCost>;
  readonly startMs: ByWatcher<number>;
  readonly ticks: Ticks;
}

/** While many values change each second. */
export interface BusyResult {
  readonly sleeping: number;
  readonly blocked: number;
  readonly zombies: number;
  readonly windows: ByWatcher<WindowCost>;
}

/** Measures everything; takes minutes. */
export async function measure(options: BenchOptions, scratch: Scratch, say: Say): Promise<Results> {
  const machine = await describeMachine();
  const launcher = scratch.installProgram();
  const watchers = await findWatchers(scratch, launcher);
  const calm: CalmResult[] = [];
  for (const sleeping of options.sleeping) {
    calm.push(await measureCalm(sleeping, { options, scratch, launcher, watchers, say }));
  }
  return {
    machine,
    settings: {
      intervalSeconds: 1,
      warmUpSeconds,
      seconds: options.seconds,
      rounds: options.rounds,
      starts,
      ...options.size,
    },
    watchers: watchers.map(({ name, version }) => ({ name, version })),
    calm,
    busy: await measureBusy(Math.min(...options.sleeping), { options, scratch, launcher, watchers, say }),
  };
}

export type Say = (text: string) => void;

interface Bench {
  readonly options: BenchOptions;
  readonly scratch: Scratch;
  readonly launcher: string;
  readonly watchers: readonly Watcher[];
  readonly say: Say;
}

async function measureCalm(sleeping: number, bench: Bench): Promise<CalmResult> {
  const { options, scratch, launcher, watchers, say } = bench;
  say(`starting ${sleeping} sleeping processes`);
  const sleepers = await startSleepers(sleeping);
  try {
    const windows = await windowsInTurn(`${sleeping} sleeping`, bench);
    say(`${sleeping} sleeping: ${starts} starts of each`);
    const startMs: ByWatcher<number> = {};
    for (let i = 0; i < starts; i++) {
      for (const watcher of watchers) addTo(startMs, watcher.name, await measureStart(scratch, watcher, options.size));
    }
    const seconds = Math.max(options.seconds, shortestTicksSeconds);
    say(`${sleeping} sleeping: ${seconds} s of ${rtwatchName} sample`);
    return { sleeping, windows, startMs, ticks: await measureTicks(scratch, launcher, seconds) };
  } finally {
    await sleepers.close();
  }
}

async function measureBusy(sleeping: number, bench: Bench): Promise<BusyResult> {
  bench.say('starting a load');
  const sleepers = await startSleepers(sleeping);
  let load: Load | null = null;
  try {
    load = await startLoad(bench.scratch.folder('load'));
    const { blocked, zombies } = load;
    return { sleeping, blocked, zombies, windows: await windowsInTurn('busy', bench) };
  } finally {
    await load?.close();
    await sleepers.close();
  }
}

/** One after the other, and again: what disturbs for a while then does not hit one of them alone. */
async function windowsInTurn(what: string, { options, scratch, watchers, say }: Bench): Promise<ByWatcher<WindowCost>> {
  const windows: ByWatcher<WindowCost> = {};
  for (let round = 1; round <= options.rounds; round++) {
    for (const watcher of watchers) {
      say(`${what}: round ${round} of ${options.rounds}, ${watcher.name}`);
      addTo(windows, watcher.name, await measureWindow(scratch, watcher, options));
    }
  }
  return windows;
}
