import type { LogMatch } from '../../parse/log/match.ts';
import type { LogLine, LogTally } from '../../sample/logs.ts';

const maxTallies = 400;
/** Of one look; the tallies count the rest. */
const maxLines = 100;
/** One storm leaves room for the other signs of the same look. */
const maxLinesOfOne = 25;
const windowSeconds = 60;

interface Tally {
  readonly sign: string;
  readonly container: string | null;
  count: number;
  firstAt: number | null;
  lastAt: number | null;
  /** Origin of the newest line: its clock ends the minute. */
  origin: string;
  /** How many in each second, and which second that is, in a ring of a minute. */
  readonly counts: Float64Array;
  readonly seconds: Float64Array;
}

/** Counts the lines that matched, by sign and container, and keeps the newest of each look. Bounded. */
export class LogTallies {
  /** In the order in which they were seen last. */
  readonly #tallies = new Map<string, Tally>();
  readonly #newestAt = new Map<string, number>();
  #fresh = new Map<string, LogLine[]>();
  #matched = 0;
  #matchedBefore = 0;

  /** Takes a line that matched. */
  note(match: LogMatch, origin: string): void {
    if (match.at !== null) this.newest(match.at, origin);
    const { at, unit, sign, also, container, pid, comm, seconds, device, text } = match;
    for (const one of [sign, ...also]) this.#count(one, at, container, origin);
    this.#keep({
      n: this.#matched++,
      at,
      origin,
      unit,
      sign,
      container,
      pid,
      ...(also.length === 0 ? {} : { also }),
      ...(comm === null ? {} : { comm }),
      ...(seconds === null ? {} : { seconds }),
      ...(device === null ? {} : { device }),
      text,
    });
  }

  /** The time of a line of that origin, matching or not: the minute that is counted ends with the newest. */
  newest(at: number, origin: string): void {
    if (at > (this.#newestAt.get(origin) ?? Number.NEGATIVE_INFINITY)) this.#newestAt.set(origin, at);
  }

  /** Every sign so far; those seen last come last. */
  list(): LogTally[] {
    return [...this.#tallies.values()].map((tally) => ({
      sign: tally.sign,
      container: tally.container,
      count: tally.count,
      firstAt: tally.firstAt,
      lastAt: tally.lastAt,
      lastMinute: this.#lastMinute(tally),
    }));
  }

  /** The newest lines since the last call, the oldest first, and how many more there were. */
  takeLines(): { lines: LogLine[]; untold: number } {
    const lines = [...this.#fresh.values()]
      .flat()
      .sort((a, b) => a.n - b.n)
      .slice(-maxLines)
      .map(detached);
    const untold = this.#matched - this.#matchedBefore - lines.length;
    this.#matchedBefore = this.#matched;
    this.#fresh = new Map();
    return { lines, untold };
  }

  #count(sign: string, at: number | null, container: string | null, origin: string): void {
    const key = keyOf(sign, container);
    const tally = this.#tallies.get(key) ?? {
      ...{
        sign,
        container: container === null ? null : detached(container),
        count: 0,
        firstAt: at,
        lastAt: at,
        origin,
      },
      counts: new Float64Array(windowSeconds),
      seconds: new Float64Array(windowSeconds),
    };
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    if (this.#tallies.size > maxTallies) forgetFirst(this.#tallies);
    tally.count++;
    tally.origin = origin;
    if (at === null) return;
    tally.firstAt = Math.min(tally.firstAt ?? at, at);
    tally.lastAt = Math.max(tally.lastAt ?? at, at);
    const second = Math.floor(at / 1000);
    const slot = ((second % windowSeconds) + windowSeconds) % windowSeconds;
    if (tally.seconds[slot] !== second) {
      // A line that comes late must not wipe out a newer second.
      if ((tally.seconds[slot] ?? 0) > second) return;
      tally.seconds[slot] = second;
      tally.counts[slot] = 0;
    }
    tally.counts[slot] = (tally.counts[slot] ?? 0) + 1;
  }

  #lastMinute({ origin, counts, seconds }: Tally): number {
    const end = Math.floor((this.#newestAt.get(origin) ?? 0) / 1000);
    return counts.reduce((sum, count, slot) => {
      const second = seconds[slot] ?? 0;
      return second > end - windowSeconds && second <= end ? sum + count : sum;
    }, 0);
  }

  #keep(line: LogLine): void {
    const key = keyOf(line.sign, line.container);
    const lines = this.#fresh.get(key) ?? [];
    lines.push(line);
    if (lines.length > maxLinesOfOne) lines.shift();
    this.#fresh.delete(key);
    this.#fresh.set(key, lines);
    if (this.#fresh.size > maxLines) forgetFirst(this.#fresh);
  }
}

/** A copy: a piece of a string keeps the whole of it in memory, here a mebibyte of log. */
const detached = <T extends string | LogLine>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const keyOf = (sign: string, container: string | null): string => `${sign} ${container ?? ''}`;

function forgetFirst(map: Map<string, unknown>): void {
  const first = map.keys().next();
  if (first.done !== true) map.delete(first.value);
}
