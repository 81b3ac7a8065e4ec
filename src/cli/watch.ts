import { clean } from '../view/text.ts';
import { openEarly } from '../wire/early.ts';
import type { OpenLink } from '../wire/link.ts';
import { openLive } from '../wire/live.ts';
import { openStream } from '../wire/stdin.ts';
import { check } from './check.ts';
import { defaultDumpDir } from './dump-dir.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { chooseLook } from './look.ts';
import { type CollectOptions, type LookOptions, passOn } from './options.ts';
import { samplerCommand, selfCommand } from './self.ts';

/** The live screen. Where there is no terminal to draw on, one report. */
export async function watch(input: string | undefined, options: CollectOptions & LookOptions): Promise<void> {
  if (input !== undefined && input !== '-') {
    throw new ReportedError(`"${input}" is neither a command nor "-" (Samples on standard input)`, exitCodes.badUsage);
  }
  const fromStdin = input === '-';
  const canDraw = process.stdout.isTTY && process.env['TERM'] !== 'dumb' && (fromStdin || process.stdin.isTTY);
  if (!canDraw) {
    if (fromStdin)
      throw new ReportedError('standard output is not a terminal: there is nothing to draw on', exitCodes.badUsage);
    await check(options);
    return;
  }
  const command = selfCommand();
  const args = passOn(options);
  const live = { command: samplerCommand(), args, intervalMs: options.interval };
  const open: OpenLink = fromStdin
    ? (handlers) => openStream(process.stdin, handlers)
    : openEarly((handlers) => openLive(live, handlers));
  const [{ runScreen }, { openActions }, { KeyRecorder }, { LiveSource }] = await Promise.all([
    import('../app/run-screen.tsx'),
    import('../app/actions.ts'),
    import('../app/key-recorder.ts'),
    import('../timeline/live-source.ts'),
  ]);
  const recorder = new KeyRecorder({ command, folder: options.dumpDir ?? defaultDumpDir(process.env) });
  await runScreen({
    source: new LiveSource({ open, intervalMs: options.interval, recorder }),
    actions: fromStdin ? null : openActions(command, args),
    look: chooseLook(options, process.env),
    stdinTaken: fromStdin,
  });
  // What is recorded is still on its way to the file.
  await recorder.close();
  const { status, file, detail } = recorder.state ?? {};
  if (status === 'ended') process.stderr.write(`rtwatch: recorded to ${clean(file ?? '')}\n`);
  if (status === 'failed') process.stderr.write(`rtwatch: the recording is not whole: ${clean(detail ?? '')}\n`);
  // A sampler that hangs in the kernel, or an open pipe, must not keep the terminal.
  process.exit(exitCodes.ok);
}
