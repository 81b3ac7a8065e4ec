import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withCollectOptions, withThemeOptions } from '../../../src/cli/options/options.ts';
import { applyConfig, configFiles, isSetting, readConfig } from '../../../src/cli/settings/config.ts';

let file = '';
beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-config-')), 'config.toml');
});
afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

/** What a command of a program with two commands ends up with. */
function optionsOf(config: string, name: 'fleet' | 'other'): Record<string, unknown> {
  fs.writeFileSync(file, config);
  const program = new Command('rtwatch');
  for (const one of ['fleet', 'other'])
    program
      .command(one)
      .option('--open <command>', '', 'x')
      .action(() => {});
  const command = program.commands.find((one) => one.name() === name) ?? program;
  applyConfig(command, program.commands[0]?.options ?? [], file, config);
  return command.opts();
}

describe('a section with the name of a command', () => {
  test('is for that command alone, and stronger than what stands above', () => {
    const config = 'open = "a"\n[fleet]\nopen = "b"\n';
    expect(optionsOf(config, 'fleet')).toEqual({ open: 'b' });
    expect(optionsOf(config, 'other')).toEqual({ open: 'a' });
  });

  test('has its own lines in errors, and no other section is known', () => {
    expect(() => optionsOf('open = "a"\n[fleet]\nopne = "b"\n', 'fleet')).toThrow(':3: unknown setting "opne"');
    expect(() => optionsOf('[flet]\nopen = "b"\n', 'fleet')).toThrow(':1: unknown setting "flet"');
  });
});

/** The options that a command ends up with. */
function options(config: string | null, ...argv: string[]): Record<string, unknown> {
  if (config !== null) fs.writeFileSync(file, config);
  const command = withThemeOptions(withCollectOptions(new Command('x').exitOverride()));
  const other = new Command('y').option('--json');
  command.parse(argv, { from: 'user' });
  if (config !== null) applyConfig(command, [...command.options, ...other.options], file, config);
  return command.opts();
}

describe('the settings file', () => {
  test('is not needed', () => {
    expect(options(null)).toMatchObject({ interval: 1000, color: true });
  });

  test('has the names and the values of the options', () => {
    const config =
      'interval = "2s"\ncolor = false\npprof = ["containerd=unix:///x", "etcd=http://h:1"]\ndump-dir = "/tmp/d/"\njson = true\n';
    expect(options(config)).toMatchObject({
      interval: 2000,
      color: false,
      dumpDir: '/tmp/d',
      pprof: [
        ['containerd', 'unix:///x'],
        ['etcd', 'http://h:1'],
      ],
    });
    expect(options('disable = "mounts"')).toMatchObject({ disable: ['mounts'] });
  });

  test('gives way to the command line', () => {
    expect(
      options('interval = "2s"\npprof = ["a=unix:///x"]', '--interval', '5s', '--pprof', 'b=unix:///y'),
    ).toMatchObject({
      interval: 5000,
      pprof: [['b', 'unix:///y']],
    });
  });

  test.each([
    ['interval = "2s"\nintervall = "3s"', ':2: unknown setting "intervall"'],
    ['\n\ninterval = "soon"', ':3: interval: It is not a duration'],
    ['color = "no"', ':1: color: It must be true or false.'],
    ['disable = ["disk"]', ':1: disable: The sources are'],
    ['procfs = ["/a", "/b"]', ':1: procfs: It takes one value.'],
    ['procfs = { a = 1 }', ':1: procfs: It must be a string'],
    ['[interval]\nx = 1', ':1: interval: It must be a string'],
    ['interval = \n', ':1: '],
    ['a = 1\nb == 2\n', ':2: '],
  ])('that says %j is refused with file and line', (config, words) => {
    expect(() => options(config)).toThrow(`${file}${words}`);
  });

  test('that cannot be read is an error, not silence', async () => {
    fs.mkdirSync(file);
    await expect(readConfig(file)).rejects.toThrow(`${file} cannot be read: Is a directory`);
    fs.rmdirSync(file);
    expect(await readConfig(file)).toBeNull();
  });
});

test('the files are that of the machine, and above it that of the user where the XDG base directories say', () => {
  expect(configFiles({ XDG_CONFIG_HOME: '/c' })).toEqual(['/etc/rtwatch/config.toml', '/c/rtwatch/config.toml']);
  expect(configFiles({ XDG_CONFIG_HOME: 'here' }), 'a relative path is ignored').toEqual(configFiles({}));
  expect(configFiles({}).at(-1)).toBe(path.join(os.homedir(), '.config/rtwatch/config.toml'));
});

test('a setting of the user replaces that of the machine, and leaves the others', () => {
  const command = withThemeOptions(withCollectOptions(new Command('x').exitOverride()));
  command.parse([], { from: 'user' });
  const machine = `${file}.machine`;
  fs.writeFileSync(machine, 'interval = "4s"\nlog = ["/a"]\ncpu-budget = 2\n');
  fs.writeFileSync(file, 'interval = "2s"\nlog = ["/b"]\n');
  for (const one of [machine, file]) applyConfig(command, command.options, one, fs.readFileSync(one, 'utf8'));
  expect(command.opts()).toMatchObject({ interval: 2000, log: ['/b'], cpuBudget: 2 });
});

test('an option that names one file or moment is no setting, nor one that only children take', () => {
  const settings = [
    new Option('--interval <duration>'),
    new Option('--from <file>'),
    new Option('--at <moment>'),
    new Option('--raw').hideHelp(),
  ].filter(isSetting);
  expect(settings.map(({ long }) => long)).toEqual(['--interval']);
});
