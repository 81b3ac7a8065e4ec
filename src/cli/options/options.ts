import { type Command, Help, Option } from 'commander';
import { type SourceName, sourceNames } from '../../sample/sample.ts';
import { type FrameFormat, frameFormats } from '../../view/frame-formats.ts';
import {
  collect,
  parseBudget,
  parseCount,
  parseCri,
  parseFolder,
  parseInterval,
  parsePanes,
  parsePprof,
  parseSource,
} from './arguments.ts';
import type { ZoneOptions } from './zone.ts';

/** Options of every collecting command. Scripts rely on the names. */
export interface CollectOptions {
  readonly dockerHost?: string;
  readonly pprof: readonly (readonly [name: string, url: string])[];
  /** URLs of sockets; every containerd and CRI-O that listens when absent or empty. */
  readonly cri?: readonly string[];
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Percent of one core. Default: the sampler's own. */
  readonly cpuBudget?: number;
  readonly disable: readonly SourceName[];
  /** Paths, or `journal`. Empty: the node's default logs. */
  readonly log: readonly string[];
  readonly dumpDir?: string;
}

/** Options of how output is drawn. */
export interface ThemeOptions extends ZoneOptions {
  readonly color: boolean;
  readonly ascii?: boolean;
  /** The colours; by the terminal if not set. */
  readonly theme?: (typeof themeNames)[number];
}

/** What `--theme` takes. */
const themeNames = ['auto', 'dark', 'light', '16', 'colour-blind'] as const;

/** Options of the commands that open the screen. */
export interface ScreenOptions extends ThemeOptions {
  /** What `P` selects at first. */
  readonly printFormat?: FrameFormat;
  /** The panes to show, in this order; what was kept, else all, if not set. */
  readonly panes?: readonly string[];
  /** Settings files that were not read in time, in words; set by rtwatch itself. */
  readonly unreadSettings?: readonly string[];
  readonly mouse: boolean;
}

/** The heading of the options that many commands share. */
const commonGroup = 'Common options:';

/** Whether many commands have the option. */
export function isCommon({ helpGroupHeading }: Option): boolean {
  return helpGroupHeading === commonGroup;
}

/** Lists a command's own options first in its help, then the common ones. */
export function ownOptionsFirst<T extends Command | Option>(
  unsorted: T[],
  visible: T[],
  groupOf: (item: T) => string,
): Map<string, T[]> {
  const groups = new Help().groupItems(unsorted, visible, groupOf);
  return new Map([...groups].toSorted(([a], [b]) => Number(a === commonGroup) - Number(b === commonGroup)));
}

function asCommon(command: Command, add: (command: Command) => void): Command {
  const own = command.options.length;
  add(command);
  for (const option of command.options.slice(own)) option.helpGroup(commonGroup);
  return command;
}

/** Adds the options that say what to sample, and how often. */
export function withCollectOptions(command: Command, usualSeconds = 1): Command {
  return asCommon(command, (bare) => addCollectOptions(bare, usualSeconds));
}

/**
 * Adds those that say which node to ask, for a command that takes no samples. The others are taken too, because the screen passes on all
 * of its own, and listed nowhere.
 *
 * @param unused more that have no effect there
 */
export function withNodeOptions(command: Command, unused: readonly string[] = []): Command {
  withCollectOptions(command);
  for (const option of command.options) if ([...ofSampling, ...unused].includes(option.long ?? '')) option.hideHelp();
  return command;
}

const ofSampling = ['--interval', '--cpu-budget', '--disable', '--log'];

function addCollectOptions(command: Command, usualSeconds: number): void {
  command
    .addOption(
      new Option(
        '--docker-host <url>',
        'container engine: unix://, tcp:// or ssh:// (default: $DOCKER_HOST, the docker context, /var/run/docker.sock)',
      ),
    )
    .addOption(
      new Option(
        '--pprof <name=url>',
        'Go debug endpoint, as containerd=unix:///run/containerd/debug.sock; of the kubelet as kubelet=https://NODE:10250,cert=FILE,key=FILE,ca=FILE (repeatable)',
      )
        .argParser(collect(parsePprof))
        .default([], 'dockerd and the debug socket of containerd'),
    )
    .addOption(
      new Option('--cri <url>', 'CRI socket, as unix:///run/containerd/containerd.sock (repeatable)')
        .argParser(collect(parseCri))
        .default([], 'every containerd and CRI-O that listens'),
    )
    .addOption(new Option('--procfs <dir>', 'proc filesystem of the node').default('/proc').argParser(parseFolder))
    .addOption(new Option('--sysfs <dir>', 'sysfs of the node').default('/sys').argParser(parseFolder))
    .addOption(new Option('--rootfs <dir>', 'root filesystem of the node').default('/').argParser(parseFolder))
    .addOption(
      new Option('--interval <duration>', 'sampling interval: 250ms to 1h')
        .default(usualSeconds * 1000, `${usualSeconds}s`)
        .argParser(parseInterval),
    )
    .addOption(
      new Option(
        '--cpu-budget <percent>',
        'CPU limit in % of one core: above it, sampling slows down; 100 for no limit (default: 3)',
      ).argParser(parseBudget),
    )
    .addOption(
      new Option('--disable <source>', `do not read this source: ${sourceNames.join(', ')} (repeatable)`)
        .argParser(collect(parseSource))
        .default([], 'none'),
    )
    .addOption(
      new Option('--log <file>', 'read log lines from this file, or from the journal (repeatable)')
        .argParser(collect(parseFolder))
        .default([], 'the journal, else /var/log/messages, /var/log/syslog'),
    )
    .addOption(
      new Option('--dump-dir <dir>', 'write dumps here (default: $XDG_STATE_HOME/rtwatch)').argParser(parseFolder),
    );
}

/** Adds the options of how output is drawn. */
export function withThemeOptions(command: Command): Command {
  return asCommon(command, (bare) => {
    bare
      .option('--no-color', 'no colors (also: NO_COLOR)')
      .addOption(
        new Option('--theme <name>', 'colors: 16 are the terminal’s own (default: auto, by its background)').choices(
          themeNames,
        ),
      )
      .option('--ascii', 'draw with ASCII only (default if the locale is not UTF-8)')
      .option('--utc', 'show and read times in UTC (default: local time)');
  });
}

/** Adds the options of the commands that open the screen. */
export function withScreenOptions(command: Command): Command {
  return asCommon(withThemeOptions(command), (bare) => {
    bare.addOption(
      new Option(
        '--panes <names>',
        'show these panes, in this order, as containers,processes (default: what W kept, else all)',
      ).argParser(parsePanes),
    );
    bare.addOption(
      new Option('--print-format <format>', 'what P, print the screen, selects at first (default: txt)').choices(
        frameFormats,
      ),
    );
    bare.option('--no-mouse', 'leave the mouse to the terminal (default with TERM=linux)');
  });
}

/** The terminal reports the mouse unless the options forbid it: those that cannot ignore the request, the Linux console aside. */
export function wantsMouse({ mouse }: Pick<ScreenOptions, 'mouse'>, env: NodeJS.ProcessEnv): boolean {
  return mouse && env['TERM'] !== 'linux';
}

/** Adds the options of the commands that read a Go profile. */
export function withProfileOptions(command: Command): Command {
  return withNodeOptions(command, ['--cri', '--dump-dir'])
    .option('--json', 'print JSON')
    .option('--diff <file>', 'compare with an earlier file')
    .addOption(new Option('--top <n>', 'number of rows (default: 20; all with --json)').argParser(parseCount))
    .addOption(new Option('--raw', 'print the form the screen reads').hideHelp());
}

/** Rows of a text report. */
const defaultRows = 20;

/** The number of rows to print. JSON holds all unless --top says fewer. */
export function rowsOf({ top, json }: { readonly top?: number; readonly json?: boolean }): number {
  return top ?? (json ? Number.POSITIVE_INFINITY : defaultRows);
}

/** The options as arguments, for a child that samples the same node. */
export function passOn(options: CollectOptions): string[] {
  return [
    ...(options.dockerHost === undefined ? [] : ['--docker-host', options.dockerHost]),
    ...options.pprof.flatMap(([name, url]) => ['--pprof', `${name}=${url}`]),
    ...(options.cri ?? []).flatMap((url) => ['--cri', url]),
    ...['--procfs', options.procfs, '--sysfs', options.sysfs, '--rootfs', options.rootfs],
    ...(options.cpuBudget === undefined ? [] : ['--cpu-budget', String(options.cpuBudget)]),
    ...options.disable.flatMap((source) => ['--disable', source]),
    ...options.log.flatMap((log) => ['--log', log]),
    ...(options.dumpDir === undefined ? [] : ['--dump-dir', options.dumpDir]),
  ];
}
