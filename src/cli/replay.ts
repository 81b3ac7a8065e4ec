import { countOf, plural } from '../base/counts.ts';
import type { Caption } from '../timeline/recorded-source.ts';
import { clean } from '../view/text.ts';
import { openRecording, RecordingError, type RecordingFile, replayHistoryMs } from '../wire/recording/reader.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { chooseLook } from './look.ts';
import type { LookOptions } from './options.ts';
import { momentOf } from './recorded.ts';

export interface ReplayOptions extends LookOptions {
  /** The moment to begin at, held still. */
  readonly at?: string;
}

/** What a person says of moments of a recording, by seconds from its beginning. */
export type Captions = readonly Caption[];

/**
 * The screen over a recording.
 *
 * @throws ReportedError
 */
export async function replay(file: string, options: ReplayOptions, captions: Captions = []): Promise<void> {
  if (!process.stdout.isTTY || !process.stdin.isTTY || process.env['TERM'] === 'dumb') {
    throw new ReportedError(
      `there is no terminal to draw on; "rtwatch check --from ${clean(file)}" prints a report`,
      exitCodes.badUsage,
    );
  }
  const look = chooseLook(options, process.env);
  const loading = Promise.all([import('../app/run-screen.tsx'), import('../timeline/recorded-source.ts')]);
  const recording = await open(file);
  const at = options.at === undefined ? null : momentOf(options.at, recording, look.zone);
  const [{ runScreen }, { RecordedSource }] = await loading;
  const source = new RecordedSource({
    store: recording,
    historyMs: replayHistoryMs,
    ...(at === null ? {} : { at, playing: false }),
    captions,
    damage: () => damageOf(recording),
  });
  await runScreen({ source, actions: null, look, stdinTaken: false });
  process.exit(exitCodes.ok);
}

async function open(file: string): Promise<RecordingFile> {
  try {
    return await openRecording(file);
  } catch (error) {
    if (error instanceof RecordingError) throw new ReportedError(clean(error.message), exitCodes.badUsage);
    throw error;
  }
}

function damageOf(recording: RecordingFile): string | null {
  const { blocks, first } = recording.damage();
  if (first === null) return null;
  return `${countOf(blocks, 'block')} of the recording ${plural(blocks, 'is', 'are')} damaged: ${first}`;
}
