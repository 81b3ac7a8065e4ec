import { type Command, Help, type Option } from 'commander';

/** Commands about the program itself. */
export function addProgramCommands(program: Command): void {
  program
    .command('completion <shell>')
    .description('print the completion script for bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('../commands/completion.ts');
      process.stdout.write(completionScript(shell, program));
    });

  program
    .command('config')
    .description('print where settings are read from')
    .option('--print-default', 'print a settings file with all settings and their defaults')
    .action(async (options) => {
      const { config } = await import('../commands/config.ts');
      process.stdout.write(await config(options, process.env, new Help().visibleCommands(program)));
    });

  program
    .command('doctor')
    .description('report what this node lets rtwatch see, what not, and how to change that')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.ts');
      await doctor(options);
    });

  program
    .command('man')
    .description('print the manual page: rtwatch man | man -l -')
    .action(async () => {
      const { manPage } = await import('../commands/man.ts');
      process.stdout.write(manPage(program));
    });

  program
    .command('version')
    .description('print the version')
    .option('--json', 'print JSON, with what the program runs on')
    .action(async (options) => {
      const { printVersion } = await import('../commands/version.ts');
      printVersion(options);
    });

  program
    .command('licenses')
    .description('print the licenses of rtwatch and of all libraries in it')
    .action(async () => {
      const { licenses } = await import('../commands/licenses.ts');
      await licenses();
    });
}

/** The options of all commands that people use. */
export function optionsOfAll(program: Command): readonly Option[] {
  return new Help().visibleCommands(program).flatMap(({ options }) => [...options]);
}
