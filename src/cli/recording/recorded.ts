import { countOf, plural } from '../../base/counts.ts';
import { formatDayTime } from '../../base/moments.ts';
import { momentForms, parseMoment } from '../../base/parse-moment.ts';
import type { Zone } from '../../base/zone.ts';
import { emptyHistory, type History, reduce } from '../../model/history.ts';
import type { Sample } from '../../sample/sample.ts';
import { clean } from '../../view/text.ts';
import { RecordingError } from '../../wire/recording/readable-file.ts';
import { openRecording, type RecordingFile, replayHistoryMs } from '../../wire/recording/reader.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { complaintLines } from './complaint-lines.ts';

interface HistoryHandlers {
  /** Called for every accepted Sample. */
  readonly onSample?: (sample: Sample) => void;
  /** Called when a part of the recording does not have its shape, and was skipped. */
  readonly onLeftOut?: () => void;
  /** Called once, before the first Sample. */
  readonly onOpened?: (recording: RecordingFile) => void;
}

/**
 * The history of a recording up to a moment (default: its end). Reports damage on standard error.
 *
 * @throws ReportedError
 */
export async function historyFrom(
  file: string,
  time: string | undefined,
  zone: Zone,
  { onSample = () => {}, onLeftOut = () => {}, onOpened = () => {} }: HistoryHandlers = {},
): Promise<History> {
  try {
    const recording = await openRecording(recordingFile(file));
    onOpened(recording);
    try {
      const history = await historyAt(
        recording,
        time === undefined ? recording.to : momentOf(time, recording, zone),
        zone,
        onSample,
      );
      const complaints = recording.complaints();
      for (const line of complaintLines(file, complaints)) process.stderr.write(`rtwatch: ${line}\n`);
      if (complaints.length > 0) onLeftOut();
      const { blocks, first } = recording.damage();
      if (first !== null) {
        process.stderr.write(
          `rtwatch: ${clean(file)}: ${countOf(blocks, 'block')} ${plural(blocks, 'is', 'are')} damaged, the rest was read (${first})\n`,
        );
      }
      return history;
    } finally {
      await recording.close();
    }
  } catch (error) {
    throw reported(error);
  }
}

/**
 * The name of a recording. It is read in any order, which standard input is not.
 *
 * @throws ReportedError for `-`
 */
export function recordingFile(name: string): string {
  if (name !== '-') return name;
  throw new ReportedError(
    '-: a recording is read from a file, not from standard input. Write one first: rtwatch record FILE -',
    exitCodes.badUsage,
  );
}

/** What went wrong with a recording, as it is reported: a file that is not there is bad usage, one with something else in it bad input. */
export function reported(error: unknown): unknown {
  if (!(error instanceof RecordingError)) return error;
  return new ReportedError(clean(error.message), error.isContent ? exitCodes.badInput : exitCodes.badUsage);
}

/** The history at the moment, or at the newest sample before it. */
async function historyAt(
  recording: RecordingFile,
  at: number,
  zone: Zone,
  onSample: (sample: Sample) => void,
): Promise<History> {
  const moment = await recording.lastBefore(at);
  if (moment === null) throw outside(recording, at, zone);
  let history = emptyHistory;
  for await (const sample of recording.samplesFrom(moment - replayHistoryMs)) {
    if (sample.at > at) break;
    history = reduce(history, sample);
    onSample(sample);
  }
  return history;
}

/**
 * Parses a moment: see `parseMoment`.
 *
 * @throws ReportedError if it is invalid or outside the recording
 */
export function momentOf(time: string, range: Pick<RecordingFile, 'path' | 'from' | 'to'>, zone: Zone): number {
  const at = parseMoment(time, range, zone);
  if (at === null) {
    throw new ReportedError(`--at ${clean(time)}: not a time. Use ${momentForms}`, exitCodes.badUsage);
  }
  // Slack, because times are shown to the second.
  if (at < range.from - 1000 || at > range.to + 1000) throw outside(range, at, zone);
  return Math.max(at, range.from);
}

function outside(
  { path, from, to }: Pick<RecordingFile, 'path' | 'from' | 'to'>,
  at: number,
  zone: Zone,
): ReportedError {
  const [wanted, first, last] = [at, from, to].map((ms) => formatDayTime(ms, zone));
  return new ReportedError(`${clean(path)} holds ${first} to ${last}; ${wanted} is not in it`, exitCodes.badUsage);
}
