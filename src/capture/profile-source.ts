import fs from 'node:fs';
import { formatCount } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import type { DebugClient } from '../collect/daemons/debug-client.ts';
import { parseGoroutineCount } from '../parse/go/pprof-index.ts';

/** A profile as bytes: of a file, of standard input, or of a daemon. */
export interface ProfileSource {
  /** A daemon's name; null for a file. */
  readonly daemon: string | null;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What a person should know about how it was taken; null when there is nothing. */
  readonly note: string | null;
}

const deadlineMs = 120_000;
const chunkBytes = 1024 * 1024;
const countDeadlineMs = 5000;
/** More goroutines than this are requested folded: listing each stops the daemon's world for seconds. */
export const manyGoroutines = 10_000;

/** A profile from a file, or with `-` from standard input. */
export function fileProfile(path: string): ProfileSource {
  return { daemon: null, chunks: path === '-' ? process.stdin : fs.createReadStream(path), note: null };
}

/** As `fileProfile`, for a file of any size: a chunk is overwritten when the next but one is requested. */
export function fileGoroutines(path: string): ProfileSource {
  return { daemon: null, chunks: path === '-' ? process.stdin : fileChunks(path), note: null };
}

/** Reads ahead, so that reading and parsing go on at the same time. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await fs.promises.open(path, 'r');
  try {
    let [now, ahead] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
    let reading = file.read(now, 0, chunkBytes);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = file.read(ahead, 0, chunkBytes);
      // Its error is thrown where it is awaited.
      reading.catch(() => {});
      yield now.subarray(0, bytesRead);
      [now, ahead] = [ahead, now];
    }
  } finally {
    await file.close();
  }
}

/**
 * The goroutines of a daemon: each with its state and arguments, or folded where there are too many for that.
 *
 * @param full each, however many there are
 * @throws when the daemon does not answer, or has no debug pages
 */
export async function goroutineProfile(client: DebugClient, daemon: string, full: boolean): Promise<ProfileSource> {
  const count = full || !client.hasPprof ? 0 : parseGoroutineCount(await get(client, '/debug/pprof/', countDeadlineMs));
  const folded = count > manyGoroutines;
  return {
    daemon,
    chunks: await stream(client, folded ? '/debug/pprof/goroutine?debug=1' : client.goroutinesPath),
    note: folded
      ? `more than ${formatCount(manyGoroutines)} goroutines: grouped, without states and waits. A full list pauses ${daemon} (--full)`
      : null,
  };
}

/**
 * The heap profile of a daemon, as protobuf.
 *
 * @throws as `goroutineProfile`
 */
export async function heapProfile(client: DebugClient, daemon: string): Promise<ProfileSource> {
  if (!client.hasPprof)
    throw new Error('CRI-O has no heap page that is safe: /debug/heap stops it while it writes a file');
  return { daemon, chunks: await stream(client, '/debug/pprof/heap'), note: null };
}

const stream = (client: DebugClient, path: string): Promise<AsyncIterable<Uint8Array>> =>
  explained(client, client.stream(path, AbortSignal.timeout(deadlineMs)), deadlineMs);

const get = (client: DebugClient, path: string, ms: number): Promise<string> =>
  explained(client, client.get(path, AbortSignal.timeout(ms)), ms);

/** What to do about debug pages that are not there, and how long one was waited for. */
async function explained<T>({ hasPprof }: DebugClient, answer: Promise<T>, ms: number): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) {
      if (!hasPprof) throw new Error('no /debug/goroutines (HTTP 404): CRI-O has it since 1.32');
      throw new Error(
        'no debug endpoint (HTTP 404). dockerd up to 17.06 needs "debug": true in daemon.json and systemctl reload docker; a signal dump needs neither',
      );
    }
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new Error(`no answer within ${formatSeconds(ms / 1000)}`, { cause: error });
    }
    throw error;
  }
}
