import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../base/system-error.ts';
import { openRegular } from '../../collect/regular-file.ts';
import { type PathWithin, withFolder } from '../../collect/within-root.ts';
import { GoroutineHeaders } from '../../parse/go/goroutines/headers.ts';
import type { DumpPlace } from './place.ts';

/** How long to wait, in milliseconds. */
export interface Patience {
  readonly everyMs: number;
  /** For the file to be there. */
  readonly appearMs: number;
  /** For something to be in it: dockerd makes it before it collects the stacks (moby pkg/stack, DumpToFile). */
  readonly fillMs: number;
  /** For it to stay as it is. */
  readonly settleMs: number;
}

export const defaultPatience: Patience = { everyMs: 50, appearMs: 10_000, fillMs: 60_000, settleMs: 500 };

/** What distinguishes a written file from what was there before. */
type State = Pick<fs.BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>;

type DumpFiles = ReadonlyMap<string, State>;

interface Found {
  readonly name: string;
  /** As a reader sees it. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files at the place of a dump, by name. Links, pipes and folders of such a name do not count.
 *
 * @throws if the place is unreadable
 */
export function dumpFiles({ within, name }: DumpPlace): DumpFiles {
  const files = new Map<string, State>();
  inFolder(within, (folder) => {
    const names = typeof name === 'string' ? [name] : fs.readdirSync(folder).filter((each) => name.test(each));
    for (const each of names) {
      const state = fs.lstatSync(`${folder}/${each}`, { bigint: true, throwIfNoEntry: false });
      if (state?.isFile()) files.set(each, state);
    }
  });
  return files;
}

/**
 * Waits for a file that is new, or changed, compared with `before`, and until it stops growing: a dump of a million
 * goroutines takes time. Null if there was none in time; a file of 0 bytes if nothing was written to it.
 *
 * @throws if it is aborted, or the place is unreadable
 */
export async function waitForDump(
  place: DumpPlace,
  before: DumpFiles,
  signal: AbortSignal,
  { everyMs, appearMs, fillMs, settleMs }: Patience,
): Promise<Found | null> {
  const started = performance.now();
  let last: Found | null = null;
  let since = started;
  for (;;) {
    const now = performance.now();
    const found = newest(place, dumpFiles(place), before);
    if (!isEqual(found, last)) since = now;
    last = found;
    if (found === null || found.bytes === 0) {
      if (now - started >= (found === null ? appearMs : fillMs)) return found;
    } else if (now - since >= settleMs) return found;
    await wait(everyMs, signal, found);
  }
}

async function wait(everyMs: number, signal: AbortSignal, found: Found | null): Promise<void> {
  try {
    await pause(everyMs, undefined, { signal });
  } catch (cause) {
    const when = found === null ? 'before a file appeared' : `while ${found.path} was being written`;
    throw new Error(`timed out ${when}`, { cause });
  }
}

/**
 * Reads a dump once, to count. It is never changed, and a link that took its place is not followed.
 *
 * @throws when it cannot be read
 */
export async function countGoroutines(
  { within }: DumpPlace,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly goroutines: number; readonly bytes: number }> {
  const fd = withFolder(within, (folder) => openRegular(`${folder}/${name}`, fs.constants.O_NOFOLLOW));
  if (fd === null) throw new Error(`${name} is not a regular file`);
  const headers = new GoroutineHeaders();
  let bytes = 0;
  const chunks: AsyncIterable<Buffer> = fs.createReadStream('', { fd, highWaterMark: 1024 * 1024, signal });
  for await (const chunk of chunks) {
    bytes += chunk.length;
    headers.feed(chunk.toString('latin1'));
  }
  return { goroutines: headers.count, bytes };
}

function newest({ folder }: DumpPlace, files: DumpFiles, before: DumpFiles): Found | null {
  const written = [...files].filter(([name, state]) => !isSame(before.get(name), state));
  const [last] = written.sort(([, a], [, b]) => Number(b.mtimeNs - a.mtimeNs));
  if (last === undefined) return null;
  const [name, { size }] = last;
  return { name, path: `${folder}/${name}`, bytes: Number(size) };
}

function isEqual(a: Found | null, b: Found | null): boolean {
  return a?.path === b?.path && a?.bytes === b?.bytes;
}

function isSame(a: State | undefined, b: State): boolean {
  return a?.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** Nothing where the folder is not there: the daemon makes it. */
function inFolder(within: PathWithin, use: (folder: string) => void): void {
  try {
    withFolder(within, use);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
