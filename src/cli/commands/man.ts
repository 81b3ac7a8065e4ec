import type { Argument, Command, Option } from 'commander';
import { isCommon } from '../options/options.ts';
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

/** A command's own first, as in its help. */
function shownOptions(command: Command): Option[] {
  const shown = command.options.filter(({ hidden }) => !hidden);
  return shown.toSorted((a, b) => Number(isCommon(a)) - Number(isCommon(b)));
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
  ['0', 'done; of check, logs and fleet: nothing found; a screen that was left with q or Ctrl\\-C'],
  ['1, 2', 'of check, logs and fleet: a warning, a critical finding'],
  [
    '3',
    'of check and fleet: unknown, not enough could be seen; of signal\\-dump: no signal was sent, or no dump found',
  ],
  ['64', 'bad usage: an option, a setting, a name that is not there'],
  ['65', 'input that cannot be read as what it should be; a daemon or an engine that does not answer'],
  ['69', 'of a checkout: it is not built, or there is no Node.js'],
  ['70', 'a fault of rtwatch'],
  ['74', 'a file or standard output cannot be written'],
  ['130', 'ended by Ctrl\\-C, without a screen'],
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

const variables: readonly (readonly [name: string, meaning: string])[] = [
  ['DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG', 'the engine, as docker(1) chooses it'],
  ['DOCKER_TLS_VERIFY, DOCKER_CERT_PATH', 'TLS to it'],
  ['NO_COLOR', 'no colors'],
  ['COLORFGBG', 'the background, for the theme'],
  ['RTWATCH_NODE', 'the Node.js that runs rtwatch; not of the single\\-file executable'],
  ['RTWATCH_UNPACK', 'where the packed executable unpacks itself: memory, or a directory'],
];

const ending = [
  '.SH EXIT STATUS',
  ...exitStatus.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, sentence(meaning)]),
  '.SH ENVIRONMENT',
  ...variables.flatMap(([name, meaning]) => ['.TP', `.B ${name}`, sentence(meaning)]),
  '.SH FILES',
  ...files.flatMap(([file, meaning]) => ['.TP', `.I ${file}`, sentence(meaning)]),
  '.SH SEE ALSO',
  '.BR docker (1),',
  '.BR crictl (1),',
  '.BR journalctl (1)',
];
