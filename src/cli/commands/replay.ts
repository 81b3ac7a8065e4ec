import { countOf, plural } from '../../base/counts.ts';
import type { Caption } from '../../timeline/recorded-source.ts';
import { clean } from '../../view/text.ts';
import { complaintSummary } from '../../wire/complaints.ts';
import { openRecording, type RecordingFile, replayHistoryMs } from '../../wire/recording/reader.ts';
import { type ScreenOptions, wantsMouse } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { momentOf, recordingFile, reported } from '../recording/recorded.ts';
import { askGround } from '../screen/ground.ts';
import { printTarget } from '../screen/print-target.ts';
import { screenTrouble } from '../screen/screen-trouble.ts';
import { chooseTheme, wantsGround } from '../screen/theme.ts';
import { defaultDumpDir } from '../settings/dump-dir.ts';
import { keptView } from '../settings/kept-view.ts';

export interface ReplayOptions extends ScreenOptions {
  /** The moment to start at, paused. */
  readonly at?: string;
}

/** Comments on a recording, by seconds from its start. */
export type Captions = readonly Caption[];

/** A recording that ships with the program, with comments on it. */
interface Shipped {
  readonly captions: Captions;
  /** The recording, if it is not the file. */
  readonly bytes?: Buffer;
}

/**
 * Shows a recording on the screen.
 *
 * @throws ReportedError
 */
export async function replay(file: string, options: ReplayOptions, shipped: Shipped = { captions: [] }): Promise<void> {
  const trouble = screenTrouble(process);
  if (trouble !== null) {
    throw new ReportedError(`${trouble}. For a report: rtwatch check --from ${clean(file)}`, exitCodes.badUsage);
  }
  const asked = wantsGround(options, process.env)
    ? askGround(process.stdin, (sequence) => process.stdout.write(sequence))
    : null;
  const loading = Promise.all([import('../../app/run-screen.tsx'), import('../../timeline/recorded-source.ts')]);
  const recording = await open(file, shipped.bytes);
  const theme = chooseTheme(options, process.env, await asked);
  const at = options.at === undefined ? null : momentOf(options.at, recording, theme.zone);
  const [{ runScreen }, { RecordedSource }] = await loading;
  const source = new RecordedSource({
    store: recording,
    historyMs: replayHistoryMs,
    ...(at === null ? {} : { at, playing: false }),
    captions: shipped.captions,
    damage: () => damageOf(recording),
  });
  const kept = await keptView(options, process.env);
  await runScreen({
    source,
    actions: null,
    theme,
    kept,
    printTo: printTarget(options, defaultDumpDir(process.env)),
    stdinTaken: false,
    mouse: wantsMouse(options, process.env),
  });
  process.exit(exitCodes.ok);
}

async function open(file: string, bytes?: Buffer): Promise<RecordingFile> {
  try {
    return await openRecording(bytes === undefined ? recordingFile(file) : file, bytes);
  } catch (error) {
    throw reported(error);
  }
}

function damageOf(recording: RecordingFile): string | null {
  const { blocks, first } = recording.damage();
  if (first === null) return complaintSummary(recording.complaints());
  return `${countOf(blocks, 'block')} of the recording ${plural(blocks, 'is', 'are')} damaged: ${first}`;
}
