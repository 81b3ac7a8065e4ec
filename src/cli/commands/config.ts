import type { Command, Option } from 'commander';
import { configFiles, isSetting, readConfig, settingOf } from '../settings/config.ts';

/** What `rtwatch config` prints. */
export async function config(
  { printDefault }: { readonly printDefault?: boolean },
  env: NodeJS.ProcessEnv,
  commands: readonly Command[],
): Promise<string> {
  if (printDefault) return defaultConfig(commands);
  const lines = configFiles(env).map(async (file) => `${file}: ${await useOf(file)}\n`);
  return (await Promise.all(lines)).join('');
}

async function useOf(file: string): Promise<string> {
  try {
    return (await readConfig(file)) === null ? 'absent' : 'read';
  } catch {
    // Why is said before, where the settings are applied.
    return 'not read';
  }
}

const heading = `# Settings of rtwatch: the options of its commands, without the hyphens. The command line is stronger.
# What stands below [NAME] is for the command of that name alone.
`;

/**
 * All settings with what they mean and their defaults, as a settings file in which each is a comment: first those of several
 * commands, then those of one, or with a meaning of its own there.
 */
function defaultConfig(commands: readonly Command[]): string {
  const all = commands.flatMap((command) => command.options.filter(isSetting).map((option) => ({ command, option })));
  const owners = Map.groupBy(all, ({ option }) => `${settingOf(option)}: ${option.description}`);
  const shared = [...owners.values()].filter(({ length }) => length > 1 || commands.length === 1);
  const own = [...owners.values()].filter((owners) => !shared.includes(owners)).flat();
  const sections = Map.groupBy(own, ({ command }) => command.name());
  return [
    heading,
    ...shared.map(([first]) => (first === undefined ? '' : entryOf(first.option))),
    ...[...sections].map(
      ([name, entries]) => `# [${name}]\n\n${entries.map(({ option }) => entryOf(option)).join('\n')}`,
    ),
  ].join('\n');
}

function entryOf({ description, argChoices, ...option }: Option): string {
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
  return `# ${description}${choices}\n# ${settingOf(option)} = ${exampleOf(option)}\n`;
}

/** The default as TOML; where it depends on the machine, an empty value of the right kind. */
function exampleOf(
  option: Pick<Option, 'required' | 'optional' | 'negate' | 'defaultValue' | 'defaultValueDescription'>,
): string {
  if (!option.required && !option.optional) return String(option.negate);
  if (Array.isArray(option.defaultValue)) return '[]';
  return JSON.stringify(option.defaultValueDescription ?? option.defaultValue ?? '');
}
