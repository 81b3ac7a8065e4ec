import { detachAll } from '../../base/detach.ts';
import type { LogLine, LogTally, LogUnit } from '../../sample/logs.ts';
import type { LogMatch } from './match.ts';
import { RecentCounts } from './recent-counts.ts';

const defaultMaxTallies = 400;
/** Of one poll; the tallies count the rest. */
const maxLines = 100;
/** One storm leaves room for the other patterns of the same poll. */
const maxLinesOfOne = 25;
const maxExampleLength = 300;

interface Tally {
  readonly sign: string;
  readonly container: string | null;
  readonly about: string | null;
  count: number;
  firstAt: number | null;
  lastAt: number | null;
  /** Origin of the newest line: its clock ends the minute. */
  origin: string;
  example: string;
  /** Null where the newest line does not say it. */
  unit: LogUnit | null;
  readonly seconds: RecentCounts;
  readonly minutes: RecentCounts;
  /** As it was listed last. */
  listed: LogTally | null;
}

/** Counts the lines that matched, by pattern, container and what they are about, and keeps the newest of each poll. Bounded. */
export class LogTallies {
  readonly #maxTallies: number;
  /** In the order in which they were seen last. */
  readonly #tallies = new Map<string, Tally>();
  readonly #newestAt = new Map<string, number>();
  #fresh = new Map<string, LogLine[]>();
  #matched = 0;
  #matchedBefore = 0;

  constructor(maxTallies = defaultMaxTallies) {
    this.#maxTallies = maxTallies;
  }

  /** Takes a line that matched. */
  note(match: LogMatch, origin: string): void {
    if (match.at !== null) this.newest(match.at, origin);
    const { at, unit, sign, also, container, pid, comm, seconds, device, text } = match;
    this.#count(sign, match.about, match, origin);
    for (const one of also) this.#count(one, null, match, origin);
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

  /** The newest time that a line of that origin carried; null when none did. */
  newestAt(origin: string): number | null {
    return this.#newestAt.get(origin) ?? null;
  }

  /** Every pattern so far; those seen last come last. One that says the same as in the list before is the same object. */
  list(): LogTally[] {
    return [...this.#tallies.values()].map((tally) => {
      const end = (this.#newestAt.get(tally.origin) ?? 0) / 1000;
      const [lastMinute, lastHour] = [tally.seconds.until(end), tally.minutes.until(end)];
      const { listed, count } = tally;
      if (listed?.count === count && listed.lastMinute === lastMinute && listed.lastHour === lastHour) return listed;
      tally.listed = listedOf(tally, lastMinute, lastHour);
      return tally.listed;
    });
  }

  /** The newest lines since the last call, the oldest first, and how many more there were. */
  takeLines(): { lines: LogLine[]; untold: number } {
    const lines = [...this.#fresh.values()]
      .flat()
      .sort((a, b) => a.n - b.n)
      .slice(-maxLines)
      .map(detachAll);
    const untold = this.#matched - this.#matchedBefore - lines.length;
    this.#matchedBefore = this.#matched;
    this.#fresh = new Map();
    return { lines, untold };
  }

  #count(
    sign: string,
    about: string | null,
    { at, container, text, unit, isKnownUnit, times, overMs }: LogMatch,
    origin: string,
  ): void {
    const key = JSON.stringify([sign, container, about]);
    const tally = this.#tallies.get(key) ?? {
      ...detachAll({ sign, container, about }),
      count: 0,
      firstAt: at,
      lastAt: at,
      origin,
      example: '',
      unit: null,
      seconds: new RecentCounts(1),
      minutes: new RecentCounts(60),
      listed: null,
    };
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    if (this.#tallies.size > this.#maxTallies) forgetFirst(this.#tallies);
    tally.count += times;
    tally.origin = origin;
    tally.unit = isKnownUnit ? unit : null;
    tally.example = detachAll(text.slice(0, maxExampleLength));
    if (at === null) return;
    tally.firstAt = Math.min(tally.firstAt ?? at, at - overMs);
    tally.lastAt = Math.max(tally.lastAt ?? at, at);
    for (const [seconds, count] of spread(at, times, overMs)) {
      tally.seconds.add(seconds, count);
      tally.minutes.add(seconds, count);
    }
  }

  #keep(line: LogLine): void {
    const key = `${line.sign} ${line.container ?? ''}`;
    const lines = this.#fresh.get(key) ?? [];
    lines.push(line);
    if (lines.length > maxLinesOfOne) lines.shift();
    this.#fresh.delete(key);
    this.#fresh.set(key, lines);
    if (this.#fresh.size > maxLines) forgetFirst(this.#fresh);
  }
}

/** Most parts into which the repeats of one row are divided. */
const maxParts = 600;

/** Of what was said again and again only the first and the last time are known: the others are taken to be evenly between them. */
function* spread(at: number, times: number, overMs: number): Generator<readonly [seconds: number, count: number]> {
  const parts = Math.min(times, maxParts);
  for (let n = 0; n < parts; n++) {
    const count = Math.floor((times * (n + 1)) / parts) - Math.floor((times * n) / parts);
    yield [(at - (parts === 1 ? 0 : (overMs * n) / (parts - 1))) / 1000, count];
  }
}

function listedOf(tally: Tally, lastMinute: number, lastHour: number): LogTally {
  const { sign, container, about, count, firstAt, lastAt, origin, example, unit } = tally;
  return {
    sign,
    container,
    count,
    firstAt,
    lastAt,
    lastMinute,
    lastHour,
    origin,
    ...(about === null ? {} : { about }),
    example,
    ...(unit === null ? {} : { unit }),
  };
}

function forgetFirst(map: Map<string, unknown>): void {
  const first = map.keys().next();
  if (first.done !== true) map.delete(first.value);
}
