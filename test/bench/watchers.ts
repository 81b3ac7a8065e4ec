import fs from 'node:fs';
import { argumentsOf } from '../engine/proc.ts';
import { run } from '../engine/run.ts';
import { missingOf } from './preconditions.ts';
import { childrenOf, type Stat, statOf } from './proc.ts';
import type { Scratch } from './scratch.ts';

/** A program that watches the node, as a person starts it. */
export interface Watcher {
  readonly name: string;
  readonly version: string;
  /** Refreshes every second. */
  readonly command: readonly string[];
  /** What it writes when it shows the node for the first time. */
  readonly firstData: RegExp;
  /** The processes that it consists of, with their part in it, by that which runs in the terminal. */
  readonly processes: (pid: number) => readonly WatcherProcess[];
}

export interface WatcherProcess {
  readonly part: string;
  readonly stat: Stat;
}

export const rtwatchName = 'rtwatch';

/** rtwatch, htop, and btop where it is. */
export async function findWatchers(scratch: Scratch, launcher: string): Promise<Watcher[]> {
  const { version } = JSON.parse(fs.readFileSync(scratch.of('program/package.json'), 'utf8')) as { version: string };
  const hasBtop = (await missingOf(['btop'])).length === 0;
  return [
    rtwatch(launcher, version),
    {
      name: 'htop',
      version: await versionOf('htop'),
      command: ['htop', '-d', '10'],
      firstData: /Tasks: *\d/,
      processes: (pid) => [{ part: 'all', stat: existing(pid) }],
    },
    ...(hasBtop ? [await btop(scratch)] : []),
  ];
}

/** rtwatch in one of its forms. */
export function rtwatch(launcher: string, version: string): Watcher {
  return {
    name: rtwatchName,
    version,
    command: [launcher, '--interval', '1s'],
    // The total in the title of the Processes pane, with and without such processes.
    firstData: /(?:Z|D or Z tasks) of [\d,]+/,
    processes: (pid) => [
      { part: 'screen', stat: existing(pid) },
      { part: 'sampler', stat: samplerOf(pid) },
    ],
  };
}

async function btop(scratch: Scratch): Promise<Watcher> {
  fs.writeFileSync(`${scratch.folder('home/.config/btop')}/btop.conf`, 'update_ms = 1000\n');
  return {
    name: 'btop',
    version: await versionOf('btop'),
    command: ['btop', '--utf-force'],
    firstData: /Pid: *Program:/,
    processes: (pid) => [{ part: 'all', stat: existing(pid) }],
  };
}

/** Of its children; another one waits beside the screen. */
function samplerOf(screen: number): Stat {
  const samplers = childrenOf(screen).filter(({ pid }) => argumentsOf(pid).includes('sample'));
  const [sampler] = samplers;
  if (sampler === undefined || samplers.length > 1) {
    throw new Error(`rtwatch has ${samplers.length} samplers, not one`);
  }
  return sampler;
}

function existing(pid: number): Stat {
  const stat = statOf(pid);
  if (stat === null || stat.state === 'Z') throw new Error('the program has ended');
  return stat;
}

async function versionOf(command: string): Promise<string> {
  const { stdout } = await run(command, ['--version']);
  const version = /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${command} --version says "${stdout.trim()}"`);
  return version;
}
