import fs from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { config } from '../../../src/cli/commands/config.ts';
import { withCollectOptions, withThemeOptions } from '../../../src/cli/options/options.ts';
import { applyConfig } from '../../../src/cli/settings/config.ts';
import { temporaryFolder } from '../../support/world.ts';

test('the printed defaults are a settings file, all of whose settings are known when they are no comments', async () => {
  const one = withThemeOptions(withCollectOptions(new Command('x')));
  const text = await config({ printDefault: true }, {}, [one]);
  const settings = [...text.matchAll(/^# ([a-z-]+) = /gm)].map(([, name]) => name);
  expect(settings).toEqual(one.options.map(({ long = '' }) => long.replace(/^--(?:no-)?/, '')));
  const command = withThemeOptions(withCollectOptions(new Command('x').exitOverride()));
  command.parse([], { from: 'user' });
  applyConfig(command, one.options, 'config.toml', text);
  expect(command.opts()).toMatchObject({ interval: 1000, color: true });
});

test('which settings files are read is what is true: one that cannot be read is not', async () => {
  const folder = temporaryFolder();
  const env = { XDG_CONFIG_HOME: folder };
  const own = path.join(folder, 'rtwatch/config.toml');
  expect(await config({}, env, [])).toContain(`${own}: absent\n`);
  fs.mkdirSync(path.dirname(own));
  fs.writeFileSync(own, '');
  expect(await config({}, env, [])).toContain(`${own}: read\n`);
  fs.rmSync(own);
  fs.mkdirSync(own);
  expect(await config({}, env, [])).toContain(`${own}: not read\n`);
});

test('the printed defaults have the settings of several commands first, and those of one in its section', async () => {
  const commands = ['check', 'snap'].map((name) =>
    new Command(name).option('--utc', 'in UTC').option('--format <format>', `how ${name} prints`),
  );
  const text = await config({ printDefault: true }, {}, commands);
  expect(text.match(/^# (?:\S+ = .*|\[\w+\])$/gm)).toEqual([
    '# utc = false',
    '# [check]',
    '# format = ""',
    '# [snap]',
    '# format = ""',
  ]);
});
