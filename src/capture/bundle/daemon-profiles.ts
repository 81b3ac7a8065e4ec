import { parseGoroutineCount } from '../../parse/go/pprof-index.ts';
import { manyGoroutines } from '../profile-source.ts';
import { type DaemonTalk, NoAnswer } from './daemon-talk.ts';
import type { BundleParts } from './parts.ts';

interface ProfilesOptions {
  readonly daemon: string;
  /** List each goroutine, however many there are. */
  readonly full: boolean;
}

const countDeadlineMs = 3000;
const goroutinesDeadlineMs = 12_000;
const heapDeadlineMs = 8000;
const pageBytes = 1024 * 1024;
/** Go gives up formatting at 64 MiB without saying so (runtime/pprof writeGoroutineStacks). */
const goLimitBytes = 64 * 1024 * 1024;

/**
 * The goroutines and the heap of a daemon. More than 10,000 goroutines are requested folded, because listing each stops the
 * daemon's world for seconds.
 *
 * @throws what the bundle's sink throws
 */
export async function gatherProfiles(talk: DaemonTalk, parts: BundleParts, options: ProfilesOptions): Promise<void> {
  const { daemon } = options;
  const count = await countOf(talk);
  if (count instanceof NoAnswer) {
    parts.miss(`daemons/${daemon}/goroutines`, count.message);
    parts.miss(`daemons/${daemon}/heap.pb.gz`, count.message);
    return;
  }
  // Folded costs the daemon next to nothing, however many there are.
  const isFolded = (count === null || count > manyGoroutines) && !options.full;
  const form = isFolded ? 1 : 2;
  const many = count === null ? 'unknown number of goroutines' : `${count} goroutines`;
  const why = `${many}: grouped, without states and waits. A full list pauses ${daemon} (--full)`;
  await gather(talk, parts, {
    path: `/debug/pprof/goroutine?debug=${form}`,
    file: `daemons/${daemon}/goroutines.debug${form}.txt`,
    deadlineMs: goroutinesDeadlineMs,
    note: isFolded ? why : null,
  });
  await gather(talk, parts, {
    path: '/debug/pprof/heap',
    file: `daemons/${daemon}/heap.pb.gz`,
    deadlineMs: heapDeadlineMs,
    note: null,
  });
}

/** Their number; null if it answers without one. */
async function countOf(talk: DaemonTalk): Promise<number | null | NoAnswer> {
  try {
    const { bytes } = await talk.get('/debug/pprof/', countDeadlineMs, pageBytes);
    return parseGoroutineCount(Buffer.from(bytes).toString());
  } catch (error) {
    return error instanceof NoAnswer && error.status === null ? error : null;
  }
}

interface Profile {
  readonly path: string;
  readonly file: string;
  readonly deadlineMs: number;
  readonly note: string | null;
}

async function gather(talk: DaemonTalk, parts: BundleParts, { path, file, deadlineMs, note }: Profile): Promise<void> {
  const maxBytes = Math.min(goLimitBytes, parts.room);
  const answer = await talk.get(path, deadlineMs, maxBytes).catch((error: Error) => error);
  if (answer instanceof Error) {
    const noPages = answer instanceof NoAnswer && answer.status === 404;
    parts.miss(file, noPages ? 'no debug endpoint (HTTP 404)' : answer.message);
    return;
  }
  const isGoLimit = answer.bytes.length === goLimitBytes && answer.cut === null;
  const cut = isGoLimit ? 'cut at 64 MiB by the daemon: Go’s limit for this page' : answer.cut;
  await parts.add(file, answer.bytes, answer.tookMs, [note, cut].filter((words) => words !== null).join('; ') || null);
}
