import type { Argument, Command, Option } from 'commander';
import { version } from './version.ts';

/** The manual page rtwatch(1) in man(7), from the same table as --help. */
export function manPage(program: Command): string {
  const commands = program.createHelp().visibleCommands(program);
  return [
    `.TH RTWATCH 1 "" "rtwatch ${version}" "User Commands"`,
    '.SH NAME',
    'rtwatch \\- show why a container node is sick',
    '.SH SYNOPSIS',
    '.B rtwatch',
    '.RI [ command ]\\ [ options ]',
    '.SH DESCRIPTION',
    roff(program.description()),
    'Without a command it shows the live screen; without a terminal it prints one report.',
    '.SH OPTIONS',
    ...shownOptions(program).flatMap(entry),
    '.SH COMMANDS',
    ...commands.filter((command) => command.name() !== 'help').flatMap(section),
    ...ending,
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  return [
    `.SS rtwatch ${roff(`${command.name()} ${command.usage()}`)}`,
    roff(sentence(command.description())),
    ...command.registeredArguments.filter(({ description }) => description !== '').flatMap(entry),
    ...shownOptions(command).flatMap(entry),
  ];
}

function shownOptions(command: Command): Option[] {
  return command.options.filter(({ hidden }) => !hidden);
}

function entry(item: Option | Argument): string[] {
  const name = 'flags' in item ? item.flags : item.name();
  return ['.TP', `.B ${roff(name)}`, roff(sentence(describe(item)))];
}

/** With choices and default, as help shows them. */
function describe({ description, argChoices, defaultValue, defaultValueDescription }: Option | Argument): string {
  const shown = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined);
  const more = [
    ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
    ...(shown === undefined ? [] : [`default: ${shown}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join('; ')})`;
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** Text for a line of man(7): a backslash, a hyphen, and a dot or an apostrophe at the beginning have meanings of their own. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replace(/^([.'])/, '\\&$1');
}

const exitStatus: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done; of check: nothing found'],
  ['1, 2', 'of check: a warning, a critical finding'],
  ['3', 'of check: unknown, not enough could be seen'],
  ['64', 'bad usage'],
  ['65', 'bad input'],
  ['70', 'a fault of rtwatch'],
  ['74', 'a file cannot be written'],
];

const files: readonly (readonly [file: string, meaning: string])[] = [
  [
    '$XDG_CONFIG_HOME/rtwatch/config.toml',
    'settings, named like the options; see rtwatch config \\-\\-print\\-default',
  ],
  ['/etc/rtwatch/config.toml', 'settings of the machine, below those of the user'],
  ['$XDG_STATE_HOME/rtwatch', 'dumps, bundles and recordings'],
  ['/var/lib/rtwatch', 'recordings of rtwatch\\-recorder.service'],
];

const ending = [
  '.SH EXIT STATUS',
  ...exitStatus.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, sentence(meaning)]),
  '.SH FILES',
  ...files.flatMap(([file, meaning]) => ['.TP', `.I ${file}`, sentence(meaning)]),
  '.SH SEE ALSO',
  '.BR docker (1),',
  '.BR crictl (1),',
  '.BR journalctl (1)',
];
