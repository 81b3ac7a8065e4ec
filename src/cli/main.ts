import sea from 'node:sea';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { fileTrouble } from '../base/file-trouble.ts';
import { version } from './commands/version.ts';
import { ownOptionsFirst } from './options/options.ts';
import { exitCodes, ReportedError } from './process/exit-codes.ts';
import { addProgramCommands, optionsOfAll } from './program/about.ts';
import { addDaemonCommands } from './program/daemons.ts';
import { addFleetCommands } from './program/fleets.ts';
import { addMetricsCommands } from './program/metrics.ts';
import { addNodeCommands } from './program/node.ts';
import { addRecordingCommands } from './program/recordings.ts';
import { addTicketCommands } from './program/tickets.ts';
import { applyConfig, configFiles, readConfig } from './settings/config.ts';
import { UnreadFileError } from './settings/read-own-file.ts';

/** Runs the command that argv names. Its modules are loaded only then. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rtwatch')
    .description('Diagnose a sick container node: live panes for daemons, containers, processes, mounts and disks.')
    .version(version, '-V, --version')
    .option(
      '--host [=PID]',
      'in a container, as the first argument: enter the mounts, network and name of the node, those of process 1 or of PID',
    )
    .configureHelp({ groupItems: ownOptionsFirst })
    .exitOverride()
    .configureOutput({
      writeErr: (text) => process.stderr.write(`rtwatch: ${text.replace(/^error: /, '').replace(controls, '·')}`),
    })
    .showHelpAfterError('See rtwatch --help.');

  addNodeCommands(program);
  addRecordingCommands(program);
  addMetricsCommands(program);
  addDaemonCommands(program);
  addFleetCommands(program);
  addTicketCommands(program);
  addProgramCommands(program);
  for (const command of program.commands) command.showHelpAfterError(`See rtwatch ${command.name()} --help.`);

  program.hook('preAction', async (_, command) => {
    if (program.opts()['host'] !== undefined) throw new ReportedError(hostUsage, exitCodes.badUsage);
    const unread = await applySettings(program, command);
    // A parent would take the warning of a child for the reason of its exit.
    const asksEngine = ['watch', 'check', 'snap', 'record', 'export'].includes(command.name());
    if (!asksEngine || command.args.includes('-')) return;
    for (const words of unread) process.stderr.write(`rtwatch: ${words}\n`);
    if (command.opts()['from'] !== undefined) return;
    const { plainTcpWarning } = await import('./options/plain-tcp.ts');
    const warning = plainTcpWarning(command.opts(), process.env);
    if (warning !== null) process.stderr.write(`rtwatch: ${warning}\n`);
  });

  await program.parseAsync([...argv], { from: 'user' });
}

/** What was not read, in words: without these settings, rtwatch still starts. The screen says it too. */
async function applySettings(program: Command, command: Command): Promise<string[]> {
  const unread: string[] = [];
  for (const file of configFiles(process.env)) {
    try {
      const text = await readConfig(file);
      if (text !== null) applyConfig(command, optionsOfAll(program), file, text);
    } catch (error) {
      if (!(error instanceof UnreadFileError)) throw error;
      unread.push(`${error.message}. Its settings are not used.`);
    }
  }
  if (unread.length > 0) command.setOptionValue('unreadSettings', unread);
  return unread;
}

/** What an argument must not send to the terminal, as commander repeats it. */
const controls = /(?!\n)[\p{Cc}\p{Cf}]/gu;

const hostUsage =
  '--host works only in the single-file executable and as its first argument, as in "rtwatch --host=PID check". Otherwise name the node with --procfs, --sysfs and --rootfs';

/** Without --host where the start code of the single-file executable has obeyed it: this process is in the node's namespaces now. */
function argumentsOf(argv: readonly string[]): readonly string[] {
  const [first = ''] = argv;
  return sea.isSea() && /^--host(?:=[1-9]\d*)?$/.test(first) ? argv.slice(1) : argv;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ReportedError) return error.exitCode;
  return error instanceof InvalidArgumentError ? exitCodes.badUsage : exitCodes.ownFault;
}

// Set first: an unhandled error prints a stack and exits with 1, which means "warning".
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const { code } = error;
  // EPIPE: the reader went away. Some commands handle that themselves.
  if (code === 'EPIPE' && process.stdout.listenerCount('error') > 1) return;
  if (code !== 'EPIPE') process.stderr.write(`rtwatch: standard output cannot be written: ${fileTrouble(error)}\n`);
  process.exit(exitCodes.cannotWrite);
});

main(argumentsOf(process.argv.slice(2))).catch(async (error: unknown) => {
  // Commander has printed its own errors, but not an argument that a command refused.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badUsage;
    return;
  }
  process.exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // The message may hold an engine's answer or a file name.
  const { clean } = await import('../view/text.ts');
  process.stderr.write(`rtwatch: ${message.split('\n').map(clean).join('\n')}\n`);
});
