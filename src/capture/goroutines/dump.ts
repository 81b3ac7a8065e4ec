import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../base/system-error.ts';
import type { DebugClient } from '../../collect/daemons/debug-client.ts';
import { GoroutineHeaders } from '../../parse/go/goroutines/headers.ts';
import { makeFolder } from '../make-folder.ts';

interface GoroutineDump {
  /** Of the file. */
  readonly path: string;
  readonly goroutines: number;
  readonly bytes: number;
  /** Go gives up formatting at 64 MiB without saying so (runtime/pprof writeGoroutineStacks). */
  readonly truncated: boolean;
}

const deadlineMs = 120_000;
const goLimitBytes = 64 * 1024 * 1024;

/**
 * Fetches all goroutines of a daemon with their stacks (`debug=2`) into a new file of mode 0600, in a folder of mode 0700
 * that is made if it is not there. What arrived of a dump that breaks off is kept, under a name that says so; but not where
 * it took the last room of the disk: containers need that.
 *
 * The daemon's world stands still while it formats them: never do this without a person's key press.
 *
 * @throws when the daemon does not answer, or the file cannot be written
 */
export async function dumpGoroutines(
  client: DebugClient,
  daemon: string,
  folder: string,
  onProgress: (bytes: number, goroutines: number) => void = () => {},
): Promise<GoroutineDump> {
  makeFolder(folder);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const file = path.join(folder, `${daemon}-goroutines-${stamp}.txt`);
  const partial = `${file}.partial`;
  // wx: never through a link, never over an existing file. Before the request: a dump is expensive for the daemon.
  const out = fs.createWriteStream(partial, { fd: fs.openSync(partial, 'wx', 0o600) });
  const headers = new GoroutineHeaders();
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    const signal = AbortSignal.timeout(deadlineMs);
    for await (const chunk of (await client.stream(client.goroutinesPath, signal)) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      headers.feed(chunk.toString('latin1'));
      onProgress(bytes, headers.count);
      yield chunk;
    }
  };
  try {
    await pipeline(counted, out);
  } catch (error) {
    if (bytes === 0 || isFull(error)) fs.unlinkSync(partial);
    throw error;
  }
  // Not rename, which would replace a file of that name.
  fs.linkSync(partial, file);
  fs.unlinkSync(partial);
  return { path: file, goroutines: headers.count, bytes, truncated: bytes === goLimitBytes };
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
}
