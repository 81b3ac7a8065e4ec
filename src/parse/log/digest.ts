import type { LogPatternId } from '../../sample/log-patterns/patterns.ts';
import type { LogSummary } from '../../sample/log-summary.ts';
import type { LogUnit } from '../../sample/logs.ts';
import { parseLogLine } from './line.ts';
import { type LogMatch, matchLogLine, suspectLines } from './match.ts';
import { LogRuns } from './runs.ts';
import { LogTallies } from './tallies.ts';
import { clockOf, type LogClock } from './time.ts';

interface LogFilter {
  /** The beginning of an id, or a name; null for any. */
  readonly container: string | null;
  /** Milliseconds since 1970; null for no bound. A line without a time passes only where there are none. */
  readonly since: number | null;
  readonly until: number | null;
}

const newline = 0x0a;
const maxTallies = 5000;
const maxRunKeys = 2000;
/** Of a log without the year, one block in so many is searched for it: a search takes a fifth of what reading a small block takes. */
const undatedBlocks = 16;

interface LogBlockRead {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/** Reads a log block by block and keeps only counts: its size does not matter. */
export class LogDigest {
  readonly #filter: LogFilter;
  readonly #tallies = new LogTallies(maxTallies);
  readonly #runs = new Map<string, { sign: LogPatternId; container: string | null; runs: LogRuns }>();
  readonly #units = new Map<LogPatternId, LogUnit>();
  #from: number | null = null;
  #to: number | null = null;
  #lines = 0;
  #bytes = 0;
  #matched = 0;
  #yearInferred = false;
  /** By origin, a moment of an earlier block that is known with its year. */
  readonly #near = new Map<string, number>();
  #undated = 0;

  constructor(filter: LogFilter) {
    this.#filter = filter;
  }

  /**
   * @param block whole lines, and how many they are
   * @param unit whose log it is, for lines that do not say it
   */
  add({ bytes, lines }: LogBlockRead, origin: string, unit: LogUnit | null, read: LogClock): void {
    const clock = this.#clockOf(bytes, { ...read, nearMs: this.#near.get(origin) ?? read.nearMs ?? null });
    if (clock.nearMs != null) this.#near.set(origin, clock.nearMs);
    this.#bytes += bytes.length + 1;
    this.#lines += lines;
    suspectLines(bytes, (line, candidates) => {
      const match = matchLogLine(line, clock, unit, candidates);
      if (match !== null && this.#passes(match)) this.#take(match, origin);
    });
    // Only the first and the last line of a block are taken apart for their time: logs are nearly in order.
    const end = bytes.indexOf(newline);
    for (const line of [
      bytes.subarray(0, end === -1 ? bytes.length : end),
      bytes.subarray(bytes.lastIndexOf(newline) + 1),
    ]) {
      const { at, yearInferred } = parseLogLine(new TextDecoder().decode(line), clock);
      if (at === null || !this.#isWithin(at)) continue;
      this.#yearInferred ||= yearInferred;
      this.#see(at, origin);
      if (this.#near.has(origin)) this.#near.set(origin, at);
    }
  }

  #clockOf(bytes: Uint8Array, read: LogClock): LogClock {
    if (this.#undated >= undatedBlocks && this.#undated % undatedBlocks !== 0) {
      this.#undated++;
      return read;
    }
    const clock = clockOf(bytes, read);
    this.#undated = clock === read ? this.#undated + 1 : 0;
    return clock;
  }

  summary(): LogSummary {
    return {
      from: this.#from,
      to: this.#to,
      lines: this.#lines,
      bytes: this.#bytes,
      matched: this.#matched,
      yearInferred: this.#yearInferred,
      tallies: this.#tallies.list(),
      newest: this.#tallies.takeLines().lines,
      runs: [...this.#runs.values()].flatMap(({ sign, container, runs }) =>
        runs.list().map((run) => ({ ...run, sign, container })),
      ),
      units: this.#units,
    };
  }

  #passes({ at, container }: LogMatch): boolean {
    const wanted = this.#filter.container;
    if (wanted !== null && container?.startsWith(wanted) !== true) return false;
    return at === null ? this.#filter.since === null && this.#filter.until === null : this.#isWithin(at);
  }

  #isWithin(at: number): boolean {
    const { since, until } = this.#filter;
    return (since === null || at >= since) && (until === null || at <= until);
  }

  #take(match: LogMatch, origin: string): void {
    this.#matched++;
    this.#tallies.note(match, origin);
    this.#units.set(match.sign, match.unit);
    if (match.at === null) return;
    this.#see(match.at, origin);
    const key = `${match.sign} ${match.container ?? ''}`;
    const entry = this.#runs.get(key) ?? { sign: match.sign, container: match.container, runs: new LogRuns() };
    if (this.#runs.size < maxRunKeys) this.#runs.set(key, entry);
    entry.runs.add(match.at);
  }

  #see(at: number, origin: string): void {
    this.#from = Math.min(this.#from ?? at, at);
    this.#to = Math.max(this.#to ?? at, at);
    this.#tallies.newest(at, origin);
  }
}
