import { emptyHistory, type History, reduce } from '../model/history.ts';
import type { Sample } from '../sample/sample.ts';
import { clean } from '../view/text.ts';
import { openRecording, RecordingError, type RecordingFile, replayHistoryMs } from '../wire/recording/reader.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { parseDuration } from './options.ts';

/**
 * The history of a recording up to a moment, its last one if none is given; says on standard error what could not be read.
 *
 * @param onSample called for every Sample that is taken in
 * @throws ReportedError
 */
export async function historyFrom(
  file: string,
  time: string | undefined,
  onSample: (sample: Sample) => void = () => {},
): Promise<History> {
  try {
    const recording = await openRecording(file);
    try {
      const history = await historyAt(
        recording,
        time === undefined ? recording.to : momentOf(time, recording),
        onSample,
      );
      const { blocks, first } = recording.damage();
      if (first !== null) {
        process.stderr.write(
          `rtwatch: ${clean(file)}: ${blocks === 1 ? 'a block is' : `${blocks} blocks are`} damaged; what is readable was read (${first})\n`,
        );
      }
      return history;
    } finally {
      await recording.close();
    }
  } catch (error) {
    if (error instanceof RecordingError) throw new ReportedError(clean(error.message), exitCodes.badUsage);
    throw error;
  }
}

/** The moment's history, or that of the newest Sample before it. */
async function historyAt(recording: RecordingFile, at: number, onSample: (sample: Sample) => void): Promise<History> {
  const moment = await recording.lastBefore(at);
  if (moment === null) throw outside(recording, at);
  let history = emptyHistory;
  for await (const sample of recording.samplesFrom(moment - replayHistoryMs)) {
    if (sample.at > at) break;
    history = reduce(history, sample);
    onSample(sample);
  }
  return history;
}

/**
 * A moment as people write it: ISO 8601, `12:00:05` (UTC; the last time it was that late), `-5m` (before the end).
 *
 * @throws ReportedError when it is none of these, or not within the recording
 */
export function momentOf(time: string, range: Pick<RecordingFile, 'path' | 'from' | 'to'>): number {
  const at = parseMoment(time, range.to);
  if (Number.isNaN(new Date(at).getTime())) {
    throw new ReportedError(
      `--at ${clean(time)} is no time such as 2026-11-21T12:00:05Z, 12:00:05 (UTC) or -5m (before the end)`,
      exitCodes.badUsage,
    );
  }
  // Half a second of slack: times are told to the second.
  if (at < range.from - 1000 || at > range.to + 1000) throw outside(range, at);
  return Math.max(at, range.from);
}

function parseMoment(time: string, to: number): number {
  if (time.startsWith('-')) return to - durationOf(time.slice(1));
  const [, hours, minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?Z?$/.exec(time) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  if (hours === undefined) return /^\d{4}-/.test(time) ? Date.parse(withZone(time)) : Number.NaN;
  const ofDay = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  const dayMs = 86_400_000;
  const day = to - (to % dayMs);
  return day + ofDay > to + 1000 ? day - dayMs + ofDay : day + ofDay;
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}

/** Every time that rtwatch shows is UTC. */
function withZone(time: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/i.test(time) || !time.includes('T') ? time : `${time}Z`;
}

function outside({ path, from, to }: Pick<RecordingFile, 'path' | 'from' | 'to'>, at: number): ReportedError {
  const [wanted, first, last] = [at, from, to].map((ms) => new Date(ms).toISOString().slice(0, 19));
  return new ReportedError(
    `${clean(path)} holds ${first} to ${last} (UTC); ${wanted} is not in it`,
    exitCodes.badUsage,
  );
}
