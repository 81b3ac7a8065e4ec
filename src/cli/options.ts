import { type Command, InvalidArgumentError, Option } from 'commander';
import { type SourceName, sourceNames } from '../sample/sample.ts';
import type { ZoneOptions } from './zone.ts';

/** Options that every collecting command takes; the names are promised to scripts. */
export interface CollectOptions {
  readonly dockerHost?: string;
  readonly pprof: readonly (readonly [name: string, url: string])[];
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Percent of one core; not given: the sampler's own default. */
  readonly cpuBudget?: number;
  readonly disable: readonly SourceName[];
  /** Paths, or `journal`; empty for what the node has. */
  readonly log: readonly string[];
  readonly dumpDir?: string;
}

/** Options of what is shown. */
export interface LookOptions extends ZoneOptions {
  readonly color: boolean;
  readonly ascii?: boolean;
}

const shortestMs = 250;
const longestMs = 3_600_000;

/** Adds the options that say where to look, and how often. */
export function withCollectOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--docker-host <url>',
        'the container engine: unix://, tcp:// or ssh:// (default: $DOCKER_HOST, the docker context, /var/run/docker.sock)',
      ),
    )
    .addOption(
      new Option(
        '--pprof <name=url>',
        'a Go debug endpoint, as containerd=unix:///run/containerd/debug.sock (repeatable)',
      )
        .argParser(collect(parsePprof))
        .default([], 'dockerd, and containerd’s debug socket'),
    )
    .addOption(new Option('--procfs <dir>', 'the node’s /proc').default('/proc').argParser(parseFolder))
    .addOption(new Option('--sysfs <dir>', 'the node’s /sys').default('/sys').argParser(parseFolder))
    .addOption(new Option('--rootfs <dir>', 'the node’s root').default('/').argParser(parseFolder))
    .addOption(
      new Option('--interval <duration>', 'from one look to the next: 250ms to 1h')
        .default(1000, '1s')
        .argParser(parseInterval),
    )
    .addOption(
      new Option(
        '--cpu-budget <percent>',
        'what looking may use of one core: beyond it looks come less often; 100 is no bound (default: 3)',
      ).argParser(parseBudget),
    )
    .addOption(
      new Option('--disable <source>', `leave a source out: ${sourceNames.join(', ')} (repeatable)`)
        .argParser(collect(parseSource))
        .default([], 'none'),
    )
    .addOption(
      new Option('--log <file>', 'where log lines come from: a file, or journal (repeatable)')
        .argParser(collect(parseFolder))
        .default([], 'the journal, else /var/log/messages, /var/log/syslog'),
    )
    .addOption(
      new Option('--dump-dir <dir>', 'where dumps go (default: $XDG_STATE_HOME/rtwatch)').argParser(parseFolder),
    );
}

/** Adds the options that say how to show it. */
export function withLookOptions(command: Command): Command {
  return command
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--ascii', 'draw with ASCII characters only (default: when the locale is not UTF-8)')
    .option('--utc', 'times in UTC, shown and given (default: local time)');
}

/** Adds the options of commands that tell a profile of a Go program. */
export function withProfileOptions(command: Command): Command {
  return withCollectOptions(command)
    .option('--json', 'print JSON')
    .option('--diff <file>', 'compare with an earlier one')
    .addOption(new Option('--top <n>', 'how many rows (default: 20; all with --json)').argParser(parseCount))
    .addOption(new Option('--raw', 'what the screen takes').hideHelp());
}

/** Rows of a report for people. */
const defaultRows = 20;

/** How many rows to print: JSON is for programs, and holds all unless fewer are asked for. */
export function rowsOf({ top, json }: { readonly top?: number; readonly json?: boolean }): number {
  return top ?? (json ? Number.POSITIVE_INFINITY : defaultRows);
}

/** The options again, for a process of this program that is to look at the same node. */
export function passOn(options: CollectOptions): string[] {
  return [
    ...(options.dockerHost === undefined ? [] : ['--docker-host', options.dockerHost]),
    ...options.pprof.flatMap(([name, url]) => ['--pprof', `${name}=${url}`]),
    ...['--procfs', options.procfs, '--sysfs', options.sysfs, '--rootfs', options.rootfs],
    ...(options.cpuBudget === undefined ? [] : ['--cpu-budget', String(options.cpuBudget)]),
    ...options.disable.flatMap((source) => ['--disable', source]),
    ...options.log.flatMap((log) => ['--log', log]),
    ...(options.dumpDir === undefined ? [] : ['--dump-dir', options.dumpDir]),
  ];
}

/** `250ms`, `2s`, `1m`, `1h`; a bare number is seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (digits === undefined) throw new InvalidArgumentError('It is not a duration such as 250ms, 2s or 1m.');
  return Number(digits) * (factors[unit] ?? 1000);
}

function parseInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms < shortestMs || ms > longestMs) throw new InvalidArgumentError('It must be from 250ms to 1h.');
  return ms;
}

function parseBudget(text: string): number {
  const percent = /^\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent >= 0.5 && percent <= 100)) throw new InvalidArgumentError('It must be from 0.5 to 100, in percent.');
  return percent;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1.');
  return Number(text);
}

function parsePprof(text: string): readonly [string, string] {
  const [, name, url] = /^([\w.-]+)=((?:unix:\/\/\/|https?:\/\/).+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined) {
    throw new InvalidArgumentError('It is not of the form NAME=unix:///path or NAME=http://host:port.');
  }
  return [name, url];
}

function parseSource(text: string): SourceName {
  const found = sourceNames.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`The sources are ${sourceNames.join(', ')}.`);
  return found;
}

function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text.length > 1 ? text.replace(/\/+$/, '') : text;
}

/** An option that may be given several times. */
function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before) => [...(before ?? []), parse(text)];
}
