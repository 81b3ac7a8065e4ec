import path from 'node:path';
import type { Command, Option } from 'commander';
import { parse, TomlError } from 'smol-toml';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { readOwnFile, UnreadFileError } from './read-own-file.ts';
import { xdgFolder } from './xdg-folder.ts';

/** The settings files, the strongest last: of the machine, then of the user by the XDG base directory specification. */
export function configFiles(env: NodeJS.ProcessEnv): string[] {
  return ['/etc/rtwatch/config.toml', path.join(xdgFolder(env['XDG_CONFIG_HOME'], '.config'), 'rtwatch/config.toml')];
}

/** A setting says how, not what: those that name one file, moment or task are none. */
export function isSetting(option: Option): boolean {
  const task = [
    'from',
    'at',
    'for',
    'output',
    'diff',
    'pid',
    'yes',
    'container',
    'since',
    'until',
    'avoid',
    'into',
    'print-default',
  ];
  return !option.hidden && !task.includes(settingOf(option));
}

/**
 * Applies the text of a settings file to the options that the command line does not set:
 * `interval = "2s"`, `pprof = ["containerd=unix:///run/containerd/debug.sock"]`, `color = false`. A section
 * with the name of a command is for that command alone: `[fleet]`.
 *
 * @param known the options of all commands: a setting of another command is no error
 * @throws ReportedError with file and line if a key is unknown or a value is bad
 */
export function applyConfig(command: Command, known: readonly Option[], file: string, text: string): void {
  const fail = (line: number, words: string): never => {
    throw new ReportedError(`${file}:${line}: ${words}`, exitCodes.badUsage);
  };
  const commands = command.parent?.commands.map((one) => one.name()) ?? [];
  for (const [key, value] of Object.entries(parseToml(text, fail))) {
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value) && commands.includes(key);
    if (!isSection) applySetting(command, known, { key, value, line: lineOf(text, key) }, fail);
    else if (key === command.name()) {
      const from = lineOf(text, key);
      for (const [name, own] of Object.entries(value)) {
        applySetting(command, known, { key: name, value: own, line: lineOf(text, name, from) }, fail);
      }
    }
  }
}

interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

function applySetting(
  command: Command,
  known: readonly Option[],
  { key, value, line }: Setting,
  fail: (line: number, words: string) => never,
): void {
  const option = known.find((candidate) => settingOf(candidate) === key);
  if (option === undefined) {
    fail(
      line,
      `unknown setting "${key}". Use the names of the options: ${[...new Set(known.filter(isSetting).map(settingOf))].join(', ')}`,
    );
  }
  const own = command.options.find((candidate) => settingOf(candidate) === key);
  const name = own?.attributeName();
  if (own === undefined || name === undefined || command.getOptionValueSource(name) === 'cli') return;
  try {
    command.setOptionValueWithSource(name, valueFor(own, value), 'config');
  } catch (error) {
    fail(line, `${key}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The text of a settings file; null when there is none.
 *
 * @throws UnreadFileError when rtwatch starts without it, ReportedError when it cannot be read for another reason
 */
export async function readConfig(file: string): Promise<string | null> {
  try {
    return await readOwnFile(file);
  } catch (error) {
    if (error instanceof UnreadFileError) throw error;
    throw new ReportedError(error instanceof Error ? error.message : String(error), exitCodes.badUsage);
  }
}

function parseToml(text: string, fail: (line: number, words: string) => never): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return fail(error.line, error.message.split('\n')[0] ?? 'not TOML');
    throw error;
  }
}

/** The setting of an option: `--no-color` is the setting `color`. */
export function settingOf({ long }: Pick<Option, 'long'>): string {
  return (long ?? '').replace(/^--(?:no-)?/, '');
}

/** The value that the option would have on the command line. */
function valueFor(option: Option, value: unknown): unknown {
  const isFlag = !option.required && !option.optional;
  if (isFlag) {
    if (typeof value !== 'boolean') throw new Error('It must be true or false.');
    return value;
  }
  const texts = (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number')
      throw new Error('It must be a string or a list of strings.');
    return String(item);
  });
  const isList = Array.isArray(option.defaultValue);
  if (!isList && texts.length !== 1) throw new Error('It takes one value.');
  const { parseArg } = option;
  if (parseArg === undefined) return texts[0];
  return texts.reduce<unknown>((before, text) => parseArg(text, before), isList ? [] : undefined);
}

/** The line of a key or of a section, from 1; below a line that is given. */
function lineOf(text: string, key: string, below = 0): number {
  const quoted = key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^\\s*(?:\\[+\\s*)?["']?${quoted}["']?\\s*(?:[=.\\]]|$)`);
  return Math.max(1, text.split('\n').findIndex((line, index) => index >= below && pattern.test(line)) + 1);
}
