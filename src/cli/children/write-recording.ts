import path from 'node:path';
import { makeFolder } from '../../capture/make-folder.ts';
import { Lines } from '../../child/lines.ts';
import type { WriterReport } from '../../wire/recording/recorder.ts';
import { RecordingWriteError, RecordingWriter } from '../../wire/recording/writer.ts';
import { SampleDecoder } from '../../wire/sample-decoder.ts';
import type { RecordingBounds } from '../options/recording-bounds.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { pruneBeside } from '../recording/recording-folder.ts';

interface WriteRecordingOptions extends RecordingBounds {
  /** Makes the folder of the file, for its owner only, if it is absent. */
  readonly makeFolder?: boolean;
  /** Keeps the recordings in the folder of the file, this one included, within the bounds. */
  readonly prune?: boolean;
}

/** A killed writer loses at most this. */
const flushMs = 2000;
/** Above this, flush at once. */
const maxWaiting = 200;

/**
 * Writes samples from standard input (lines of a `SampleEncoder`) to a recording until the input ends. Prints what is safe in the file when it is open
 * and after each flush.
 */
export async function writeRecording(file: string, options: WriteRecordingOptions): Promise<void> {
  // Ctrl-C reaches the whole process group; the parent decides when to stop.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  // The parent may exit first.
  process.stdout.on('error', () => {});
  try {
    if (options.makeFolder === true) tryToMake(path.dirname(file));
    if (options.prune === true) pruneBeside(file, options);
    const maxBytes = Number.isFinite(options.maxSize) ? options.maxSize : null;
    const writer = new RecordingWriter(file, { maxBytes, maxAgeMs: options.maxAge });
    const report = (): void => {
      const said: WriterReport = writer.progress;
      process.stdout.write(`${JSON.stringify(said)}\n`);
    };
    report();
    const failed = Promise.withResolvers<never>();
    const timer = setInterval(() => void writer.flush().then(report, failed.reject), flushMs);
    try {
      await Promise.race([takeAll(writer), failed.promise]);
    } finally {
      clearInterval(timer);
      // After an error, do not wait for the parent.
      process.stdin.destroy();
      await writer.close();
    }
    report();
  } catch (error) {
    if (error instanceof RecordingWriteError) throw new ReportedError(error.message, exitCodes.cannotWrite);
    throw error;
  }
}

/** Here, not in the screen: the disk may hang. Not by mkdir(1): a node may have none. */
function tryToMake(folder: string): void {
  try {
    makeFolder(folder);
  } catch {
    // The writer says what is wrong with the folder.
  }
}

async function takeAll(writer: RecordingWriter): Promise<void> {
  const lines = new Lines();
  const decoder = new SampleDecoder();
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    for (const line of lines.feed(String(chunk))) writer.add(decoder.decode(line));
    if (writer.waiting >= maxWaiting) await writer.flush();
  }
}
