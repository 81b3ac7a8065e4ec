import type { Command, Option } from 'commander';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/**
 * The completion script for a shell. It holds every command and option: starting the program at each Tab is too slow on
 * a sick node.
 *
 * @throws ReportedError for an unknown shell
 */
export function completionScript(shell: string, program: Command): string {
  const write = shells[shell];
  if (write === undefined) {
    throw new ReportedError(`no completion for "${shell}". Use bash, zsh or fish`, exitCodes.badUsage);
  }
  return write(describe(program));
}

interface Described {
  readonly name: string;
  readonly does: string;
  readonly options: readonly DescribedOption[];
}

interface DescribedOption {
  readonly flag: string;
  readonly does: string;
  readonly takesValue: boolean;
  /** The allowed values; null for any. */
  readonly choices: readonly string[] | null;
}

function describe(program: Command): Described[] {
  const shown = program.createHelp().visibleCommands(program);
  return shown
    .filter((command) => command.name() !== 'help')
    .map((command) => ({
      name: command.name(),
      does: firstWords(command.description()),
      options: command.options.filter(({ hidden }) => !hidden).map(describeOption),
    }));
}

function describeOption(option: Option): DescribedOption {
  return {
    flag: option.long ?? option.short ?? '',
    does: firstWords(option.description),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? null,
  };
}

/** The first words of a help line, without characters that a shell would need quoted. */
function firstWords(text: string): string {
  return (text.split(/[;:(]/)[0] ?? '').replaceAll(/['"`\\$[\]]/g, '').trim();
}

const shells: Readonly<Record<string, (commands: readonly Described[]) => string>> = { bash, zsh, fish };

function bash(commands: readonly Described[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words='${options.map(({ flag }) => flag).join(' ')}' ;;`,
  );
  return [
    '# bash completion of rtwatch: rtwatch completion bash > /etc/bash_completion.d/rtwatch',
    '_rtwatch() {',
    `  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words=""`,
    '  COMPREPLY=()',
    '  case "$command" in',
    ...cases,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map(({ name }) => name).join(' ')}'; fi`,
    '  case "$word" in',
    '    -*) ;;',
    '    *) [ "$COMP_CWORD" -eq 1 ] || words="" ;;',
    '  esac',
    '  [ -z "$words" ] || COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o default -F _rtwatch rtwatch',
    '',
  ].join('\n');
}

function zsh(commands: readonly Described[]): string {
  const names = commands.map(({ name, does }) => `    '${name}:${does}'`);
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name}) _arguments -s ${options.map((option) => `'${zshOption(option)}'`).join(' ')} '*:file:_files' ;;`,
  );
  return [
    '#compdef rtwatch',
    `# zsh completion of rtwatch: rtwatch completion zsh > "\${fpath[1]}/_rtwatch"`,
    '_rtwatch() {',
    '  local -a commands=(',
    ...names,
    '  )',
    '  if (( CURRENT == 2 )); then _describe command commands; return; fi',
    `  case "\${words[2]}" in`,
    ...cases,
    '  esac',
    '}',
    'compdef _rtwatch rtwatch',
    '',
  ].join('\n');
}

function zshOption({ flag, does, takesValue, choices }: DescribedOption): string {
  const value = choices === null ? ':value:_files' : `:value:(${choices.join(' ')})`;
  return `*${flag}[${does}]${takesValue ? value : ''}`;
}

function fish(commands: readonly Described[]): string {
  const first = '__fish_use_subcommand';
  return [
    '# fish completion of rtwatch: rtwatch completion fish > ~/.config/fish/completions/rtwatch.fish',
    ...commands.map(({ name, does }) => `complete -c rtwatch -n ${first} -f -a ${name} -d '${does}'`),
    ...commands.flatMap(({ name, options }) =>
      options.map(({ flag, does, takesValue, choices }) => {
        const values = choices === null ? '' : ` -f -a '${choices.join(' ')}'`;
        const long = flag.replace(/^-+/, '');
        const kind = flag.startsWith('--') ? `-l ${long}` : `-s ${long}`;
        return `complete -c rtwatch -n '__fish_seen_subcommand_from ${name}' ${kind}${takesValue ? ' -r' : ''}${values} -d '${does}'`;
      }),
    ),
    '',
  ].join('\n');
}
