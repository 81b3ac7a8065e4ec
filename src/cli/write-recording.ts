import { Lines } from '../child/lines.ts';
import { decodeSample } from '../wire/ndjson.ts';
import type { WriterReport } from '../wire/recording/recorder.ts';
import { RecordingWriteError, RecordingWriter } from '../wire/recording/writer.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';

export interface WriteRecordingOptions {
  /** Bytes. */
  readonly maxSize: number | null;
  /** Milliseconds. */
  readonly maxAge: number | null;
}

/** Whoever is killed loses no more than this. */
const flushMs = 2000;
/** More than this does not wait in memory for the next flush. */
const maxWaiting = 200;

/**
 * The writer of a recording: Samples on standard input to a file, until there are no more. It says on standard output what
 * is safe in the file, once it is open and after each flush.
 */
export async function writeRecording(file: string, { maxSize, maxAge }: WriteRecordingOptions): Promise<void> {
  // Ctrl-C reaches the whole group of processes; whoever feeds us decides when it is over.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  // The feeder may be gone before us.
  process.stdout.on('error', () => {});
  try {
    const writer = new RecordingWriter(file, { maxBytes: maxSize, maxAgeMs: maxAge });
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
      // An error must not wait for whoever feeds us.
      process.stdin.destroy();
      await writer.close();
    }
    report();
  } catch (error) {
    if (error instanceof RecordingWriteError) throw new ReportedError(error.message, exitCodes.cannotWrite);
    throw error;
  }
}

async function takeAll(writer: RecordingWriter): Promise<void> {
  const lines = new Lines();
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    for (const line of lines.feed(String(chunk))) writer.add(decodeSample(line), `${line}\n`);
    if (writer.waiting >= maxWaiting) await writer.flush();
  }
}
