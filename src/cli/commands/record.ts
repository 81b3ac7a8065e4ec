import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { clean } from '../../view/text.ts';
import type { Complaint } from '../../wire/complaints.ts';
import type { LinkState, OpenLink } from '../../wire/link.ts';
import { openLive } from '../../wire/live.ts';
import { openRecorder } from '../../wire/recording/recorder.ts';
import { type CollectOptions, passOn } from '../options/options.ts';
import { passOnBounds, type RecordingBounds } from '../options/recording-bounds.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { samplerCommand, selfCommand } from '../process/self.ts';
import { onStopSignal } from '../process/stop-signals.ts';
import { complaintLines } from '../recording/complaint-lines.ts';
import { newRecordingIn } from '../recording/recording-folder.ts';

export interface RecordOptions extends CollectOptions, RecordingBounds {
  /** A directory for named files, instead of one file. */
  readonly into?: string;
  /** Milliseconds. */
  readonly for?: number;
}

/** Why a recording stopped. `detail`: the error, if any. */
interface End {
  readonly exitCode: number;
  readonly detail: string | null;
}

/** Kinds of skipped things that are reported one by one. */
const mostComplaints = 5;

/**
 * Records samples of this node or from standard input, until Ctrl-C or for a time.
 *
 * @throws ReportedError
 */
export async function record(
  given: string | undefined,
  input: string | undefined,
  options: RecordOptions,
): Promise<void> {
  const { into } = options;
  const file = fileOf(given, into);
  if (input !== undefined && input !== '-') {
    throw new ReportedError(
      `unexpected argument "${input}". Use - to read samples from standard input`,
      exitCodes.badUsage,
    );
  }
  const over = Promise.withResolvers<End>();
  let said = false;
  const recorder = openRecorder({
    command: selfCommand(),
    file,
    args: [...passOnBounds(options), ...(into === undefined ? [] : ['--prune'])],
    onState: ({ status, detail }) => {
      if (status === 'recording' && !said) {
        said = true;
        process.stderr.write(`rtwatch: recording to ${clean(file)}. Ctrl-C stops it\n`);
      }
      if (status === 'failed') over.resolve({ exitCode: exitCodes.cannotWrite, detail });
    },
  });
  const seen: { first: number | null; last: number } = { first: null, last: 0 };
  const open = await linkFor(input, options);
  const complainer = new Complainer();
  const link = open({
    onSample: (sample) => {
      seen.first ??= sample.monoMs;
      seen.last = sample.monoMs;
      recorder.write(sample);
    },
    onState: (state) => {
      complainer.take(state.complaints);
      const end = endOf(state, seen.first !== null, input === '-');
      if (end !== null) over.resolve(end);
    },
  });
  onStopSignal((exitCode) => over.resolve({ exitCode, detail: null }));
  const timeIsOver = (): void => over.resolve({ exitCode: exitCodes.ok, detail: null });
  const timer = options.for === undefined ? undefined : setTimeout(timeIsOver, options.for);
  const { exitCode, detail } = await over.promise;
  clearTimeout(timer);
  link.close();
  const { status, bytes, samples, dropped, ...end } = await recorder.close();
  if (status === 'failed') throw new ReportedError(clean(end.detail ?? ''), exitCodes.cannotWrite);
  const left = dropped === 0 ? '' : `; ${formatCount(dropped)} dropped: the disk was too slow`;
  const span = formatSeconds((seen.last - (seen.first ?? 0)) / 1000);
  process.stderr.write(
    `rtwatch: ${clean(file)}: ${formatCount(samples)} samples of ${span}, ${formatBytes(bytes)}${left}\n`,
  );
  if (detail !== null) throw new ReportedError(clean(detail), exitCode);
  // A sampler blocked in the kernel must not delay the exit.
  process.exit(complainer.hasAny && exitCode === exitCodes.ok ? exitCodes.badInput : exitCode);
}

function fileOf(given: string | undefined, into: string | undefined): string {
  const file = into === undefined ? given : newRecordingIn(into);
  if (file === undefined || file === '')
    throw new ReportedError('name a file, or a directory with --into', exitCodes.badUsage);
  if (file === '-')
    throw new ReportedError('a recording goes to a file. For standard output use: rtwatch sample', exitCodes.badUsage);
  if (into === undefined || given === undefined) return file;
  throw new ReportedError(`--into DIR names the file itself. Leave out "${given}"`, exitCodes.badUsage);
}

/** Reports at once what is skipped in standard input: a recording can take days. */
class Complainer {
  #said = 0;

  get hasAny(): boolean {
    return this.#said > 0;
  }

  take(complaints: readonly Complaint[]): void {
    const lines = complaintLines('standard input', complaints.slice(this.#said));
    if (this.#said < mostComplaints) for (const line of lines) process.stderr.write(`rtwatch: ${line}\n`);
    this.#said = complaints.length;
  }
}

async function linkFor(input: string | undefined, options: RecordOptions): Promise<OpenLink> {
  if (input === '-') {
    const { openStream } = await import('../../wire/stdin.ts');
    return (handlers) => openStream(process.stdin, handlers);
  }
  const live = { command: samplerCommand(), args: passOn(options), intervalMs: options.interval };
  return (handlers) => openLive(live, handlers);
}

/** Reports what hangs. Returns the end of the recording, or null to continue. */
function endOf({ status, hangsOn, detail }: LinkState, hasSamples: boolean, isStream: boolean): End | null {
  if (status === 'silent') {
    const what = hangsOn === null ? (detail ?? 'it exited') : `it hangs reading ${hangsOn.path ?? hangsOn.source}`;
    process.stderr.write(`rtwatch: the sampler does not respond: ${clean(what)}. Starting another one\n`);
  }
  if (status !== 'ended') return null;
  const isDone = hasSamples && detail === 'the samples ended';
  if (isDone) return { exitCode: exitCodes.ok, detail: null };
  return { exitCode: isStream ? exitCodes.badInput : exitCodes.badUsage, detail };
}
