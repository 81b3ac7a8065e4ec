import type { NoticeForm } from '../../app/notices.ts';
import { clean } from '../../view/text.ts';
import { openBuffered } from '../../wire/buffered.ts';
import type { OpenLink } from '../../wire/link.ts';
import { openLive } from '../../wire/live.ts';
import { type CollectOptions, passOn, type ScreenOptions, wantsMouse } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { samplerCommand, selfCommand } from '../process/self.ts';
import { optimizeOnce } from '../process/small-code.ts';
import { keepMemorySmall } from '../process/small-memory.ts';
import { askGround } from '../screen/ground.ts';
import { hasInput, isInnerVariable } from '../screen/inner.ts';
import { printTarget } from '../screen/print-target.ts';
import { screenTrouble } from '../screen/screen-trouble.ts';
import { chooseTheme, wantsGround } from '../screen/theme.ts';
import { defaultDumpDir } from '../settings/dump-dir.ts';
import { check } from './check.ts';

interface WatchOptions extends CollectOptions, ScreenOptions {
  /** Off if not set. */
  readonly notify?: NoticeForm;
}

/** A poll of a calm node is over within this, in milliseconds: its lines wake the screen twice, not each. */
const pollMs = 30;

/** The live screen; without a terminal, one report. */
export async function watch(input: string | undefined, options: WatchOptions): Promise<void> {
  if (input !== undefined && input !== '-') {
    throw new ReportedError(`unknown command "${clean(input)}". See rtwatch --help`, exitCodes.badUsage);
  }
  const fromStdin = input === '-';
  const trouble = screenTrouble(process, fromStdin);
  if (trouble !== null) {
    if (fromStdin) throw new ReportedError(`${trouble}. For a report: ssh NODE rtwatch check`, exitCodes.badUsage);
    await check(options);
    return;
  }
  const isInner = fromStdin && process.env[isInnerVariable] === '1';
  if (isInner && !(await hasInput(process.stdin))) throw new ReportedError('no sample came', exitCodes.badInput);
  keepMemorySmall();
  optimizeOnce();
  const asked =
    !fromStdin && wantsGround(options, process.env)
      ? askGround(process.stdin, (sequence) => process.stdout.write(sequence))
      : null;
  const { keptView } = await import('../settings/kept-view.ts');
  const kept = await keptView(options, process.env);
  const command = selfCommand();
  const args = passOn(options);
  const live = { command: samplerCommand(), args, intervalMs: options.interval, restMs: pollMs };
  const open: OpenLink = fromStdin ? await streamLink() : openBuffered((handlers) => openLive(live, handlers));
  const [{ runScreen }, { openActions }, { KeyRecorder }, { LiveSource }] = await Promise.all([
    import('../../app/run-screen.tsx'),
    import('../../app/actions/actions.ts'),
    import('../../app/actions/key-recorder.ts'),
    import('../../timeline/live-source.ts'),
  ]);
  const folder = options.dumpDir ?? defaultDumpDir(process.env);
  const recorder = new KeyRecorder({ command, folder });
  await runScreen({
    source: new LiveSource({ open, intervalMs: options.interval, recorder }),
    actions: fromStdin ? null : openActions(command, args),
    theme: chooseTheme(options, process.env, await asked),
    printTo: printTarget(options, folder),
    kept,
    notify: options.notify ?? null,
    stdinTaken: fromStdin,
    isInner,
    mouse: wantsMouse(options, process.env),
  });
  // The last samples are not in the file yet.
  await recorder.close();
  const { status, file, detail } = recorder.state ?? {};
  if (status === 'ended') process.stderr.write(`rtwatch: recorded to ${clean(file ?? '')}\n`);
  if (status === 'failed') process.stderr.write(`rtwatch: the recording is incomplete: ${clean(detail ?? '')}\n`);
  // A sampler blocked in the kernel, or an open pipe, must not delay the exit.
  process.exit(exitCodes.ok);
}

/** Loaded only here: our own sampler's lines are not checked against the schemas that come with it. */
async function streamLink(): Promise<OpenLink> {
  const { openStream } = await import('../../wire/stdin.ts');
  return (handlers) => openStream(process.stdin, handlers);
}
