import { commandWith } from '../../fleet/node-command.ts';
import { type CopiedProgram, copyingTemplate } from '../../remote/copied-program.ts';
import { type RemoteNode, RemoteSource } from '../../remote/remote-source.ts';
import { clean } from '../../view/text.ts';
import { agreesToCopy, programToCopy } from '../nodes/remote-copy.ts';
import { type ScreenOptions, wantsMouse } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { askGround } from '../screen/ground.ts';
import { printTarget } from '../screen/print-target.ts';
import { screenTrouble } from '../screen/screen-trouble.ts';
import { chooseTheme, wantsGround } from '../screen/theme.ts';
import { defaultDumpDir } from '../settings/dump-dir.ts';
import { keptView } from '../settings/kept-view.ts';

interface RemoteOptions extends ScreenOptions {
  /** Writes the Samples of `{node}` to standard output. */
  readonly command: string;
  readonly copy?: boolean;
  readonly copyFile?: string;
}

/** Each node is a process here and a model in memory. */
const mostNodes = 100;

/** The screen of several nodes, each over its own connection. */
export async function remote(names: readonly string[], options: RemoteOptions): Promise<void> {
  const { copy = false, copyFile } = options;
  const program = copy || copyFile !== undefined ? programToCopy(copyFile) : null;
  const nodes = nodesOf(names, options.command, program);
  const trouble = screenTrouble(process);
  if (trouble !== null) {
    throw new ReportedError(`${trouble}. For a report: ssh NODE rtwatch check`, exitCodes.badUsage);
  }
  if (program !== null && !(await agreesToCopy(program, names))) return;
  const asked = wantsGround(options, process.env)
    ? askGround(process.stdin, (sequence) => process.stdout.write(sequence))
    : null;
  const { runRemote } = await import('../../app/remote/run-remote.tsx');
  await runRemote({
    source: new RemoteSource(nodes),
    theme: chooseTheme(options, process.env, await asked),
    printTo: printTarget(options, defaultDumpDir(process.env)),
    kept: await keptView(options, process.env),
    mouse: wantsMouse(options, process.env),
  });
  // A connection that does not end must not delay the exit.
  process.exit(exitCodes.ok);
}

function nodesOf(names: readonly string[], template: string, program: CopiedProgram | null): RemoteNode[] {
  const copying = program === null ? template : copyingTemplate(template, program);
  if (copying === null) {
    throw new ReportedError('--copy needs a command that ends in: rtwatch sample', exitCodes.badUsage);
  }
  const unique = [...new Set(names)];
  if (unique.length > mostNodes) {
    throw new ReportedError(`more than ${mostNodes} nodes: rtwatch fleet is for these`, exitCodes.badUsage);
  }
  return unique.map((name) => {
    const found = commandWith(copying, { node: name });
    if ('trouble' in found) throw new ReportedError(`${clean(name)}: ${found.trouble}`, exitCodes.badUsage);
    // So that no shell stands between: what is stopped is ssh itself.
    const isSimple = /^[\w .:@%+=,/-]+$/.test(found.command);
    const command = ['/bin/sh', '-c', isSimple ? `exec ${found.command}` : found.command];
    return { name, command, ...(program === null ? {} : { inputFile: program.file }) };
  });
}
