import type { DaemonProcess, FdKinds } from '../../sample/daemons.ts';
import type { SlowSeries } from '../series.ts';
import { growthPerMinute, secondsToLimit } from './exhaustion.ts';
import type { SlowFigures } from './history.ts';

/**
 * An idle Go program collects every two minutes (runtime.forcegcperiod), and its resident memory follows the heap: what grows for less
 * may be well.
 */
const leastHeapMs = 300_000;

/** runtime/debug.SetMaxThreads: the Go runtime aborts a program that needs one more. */
export const maxThreads = 10_000;

/** What grows in a daemon, and when it will reach its limit. */
export interface DaemonGrowth {
  /** Its descriptors by type; null if unreadable. */
  readonly fdKinds: FdKinds | null;
  /** Descriptors over an hour, the least of each ten seconds. */
  readonly fdSeries: SlowSeries;
  /** These grow by so much a minute, steadily; null when they do not, or it is too early to say (`growthPerMinute`). */
  readonly fdGrowthPerMinute: number | null;
  readonly goroutineGrowthPerMinute: number | null;
  readonly heapBytesGrowthPerMinute: number | null;
  readonly rssBytesGrowthPerMinute: number | null;
  /** Until its own limit of descriptors is reached, at this rate. */
  readonly fdExhaustionSeconds: number | null;
  /** Threads grow by so many a minute, steadily; null when they do not, or it is too early to say. */
  readonly threadGrowthPerMinute: number | null;
  /** Until it has as many threads as Go allows, at this rate. */
  readonly threadExhaustionSeconds: number | null;
  /** Until it alone fills the node's memory, at this rate. */
  readonly rssExhaustionSeconds: number | null;
  /** Goroutines that come with each descriptor while both grow: dockerd's leak at stop has 2. Null when they do not. */
  readonly goroutinesPerFd: number | null;
}

/** @param memoryBytes of the node; null when it is not known */
export function growthOf(
  process: DaemonProcess | null,
  slow: SlowFigures,
  monoMs: number,
  memoryBytes: number | null,
): DaemonGrowth {
  // A process that is gone grows no more.
  const growth = (series: SlowSeries, leastMs?: number): number | null =>
    process === null ? null : growthPerMinute(series, monoMs, leastMs);
  const fds = growth(slow.fds);
  const goroutines = growth(slow.goroutines);
  const rss = growth(slow.rssBytes, leastHeapMs);
  const threads = growth(slow.threads);
  return {
    fdKinds: process?.fdKinds ?? null,
    fdSeries: slow.fds,
    fdGrowthPerMinute: fds,
    goroutineGrowthPerMinute: goroutines,
    heapBytesGrowthPerMinute: growth(slow.heapBytes, leastHeapMs),
    rssBytesGrowthPerMinute: rss,
    fdExhaustionSeconds: secondsToLimit(process?.fds ?? null, process?.fdLimit ?? null, fds),
    threadGrowthPerMinute: threads,
    threadExhaustionSeconds: secondsToLimit(process?.threads ?? null, maxThreads, threads),
    rssExhaustionSeconds: secondsToLimit(process?.rssBytes ?? null, memoryBytes, rss),
    goroutinesPerFd: fds !== null && fds > 0 && goroutines !== null && goroutines > 0 ? goroutines / fds : null,
  };
}
