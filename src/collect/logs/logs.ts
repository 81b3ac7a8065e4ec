import { setImmediate } from 'node:timers/promises';
import { parseLogLine } from '../../parse/log/line.ts';
import { matchLogLine, suspectLines } from '../../parse/log/match.ts';
import { LogTallies } from '../../parse/log/tallies.ts';
import { clockOf, type LogClock } from '../../parse/log/time.ts';
import { unitOfLogFile } from '../../parse/log/unit.ts';
import { logPatternOf } from '../../sample/log-patterns/patterns.ts';
import type { LogOrigin, LogProgress, LogsValue, LogTally, LogUnit } from '../../sample/logs.ts';
import { absent, failed, ok, pending, type Reading } from '../../sample/reading.ts';
import { keepList } from '../keep-same.ts';
import { nodeClock } from '../node-clock.ts';
import type { World } from '../world.ts';
import { LogFile } from './file.ts';
import { LogJournal } from './journal.ts';

export interface LogsOptions {
  /** `--log`: paths, or `journal`; empty for what the node has. */
  readonly logs: readonly string[];
  /** The program that prints the journal. */
  readonly journalctl?: string;
}

/** A log's past is read at once, in steps; later a flood costs one step a poll. */
const firstSteps = 8;

interface Origin {
  readonly name: string;
  /** Reads what is due, in steps. */
  readonly step: () => boolean;
  readonly reading: () => Reading<LogProgress>;
  readonly start: () => void;
  readonly close: () => void;
}

/** The lines of the node's logs that match a known sign. */
export class LogsCollector {
  readonly #world: World;
  readonly #now: () => number;
  readonly #tallies = new LogTallies();
  #listed: readonly LogTally[] = [];
  readonly #origins: readonly Origin[];
  /** They were given with `--log`: a missing one is reported by name. */
  readonly #named: boolean;
  /** Once something was read, it is reported whatever happens to the origins. */
  #hasRead = false;
  #steps = firstSteps;

  constructor(world: World, options: LogsOptions) {
    this.#world = world;
    this.#now = nodeClock(world);
    this.#named = options.logs.length > 0;
    const names = options.logs.length > 0 ? [...new Set(options.logs)] : ownLogs(world);
    this.#origins = names.map((name) => (name === 'journal' ? this.#journal(options) : this.#file(name)));
  }

  start(): void {
    for (const origin of this.#origins) origin.start();
  }

  close(): void {
    for (const origin of this.#origins) origin.close();
  }

  async collect(): Promise<Reading<LogsValue>> {
    if (this.#origins.length === 0) return absent('no log was found (name one with --log)');
    const started = performance.now();
    for (const origin of this.#origins) {
      for (let step = 0; step < this.#steps && origin.step(); step++) await setImmediate();
    }
    const origins = this.#origins.map(
      ({ name, reading }): LogOrigin => ({ name, reading: this.#timed(name, reading()), named: this.#named }),
    );
    this.#hasRead ||= origins.some(({ reading }) => reading.status === 'ok');
    if (!this.#hasRead && !(this.#named && origins.every(isMissing))) return together(origins);
    this.#steps = 1;
    this.#listed = keepList(this.#listed, this.#tallies.list());
    return ok({ origins, tallies: this.#listed, ...this.#tallies.takeLines() }, performance.now() - started);
  }

  #file(path: string): Origin {
    const unit = unitOfLogFile(path);
    const file = new LogFile(this.#world, path, (bytes) => this.#take(bytes, path, unit));
    return {
      name: path,
      step: () => file.step(),
      reading: () => file.reading,
      start: () => {},
      close: () => file.close(),
    };
  }

  #journal({ journalctl }: LogsOptions): Origin {
    const { rootfs } = this.#world.roots;
    const journal = new LogJournal({
      directory: rootfs === '/' ? null : `${rootfs}/var/log/journal`,
      take: (bytes) => this.#take(bytes, 'journal', null),
      ...(journalctl === undefined ? {} : { command: journalctl }),
    });
    return {
      name: 'journal',
      step: () => false,
      reading: () => journal.poll(),
      start: () => journal.start(),
      close: () => journal.close(),
    };
  }

  #timed(name: string, reading: Reading<LogProgress>): Reading<LogProgress> {
    const newestAt = this.#tallies.newestAt(name);
    return reading.status !== 'ok' || newestAt === null
      ? reading
      : { ...reading, value: { ...reading.value, newestAt } };
  }

  #take(bytes: Buffer, origin: string, unit: LogUnit | null): void {
    const clock = clockOf(bytes, this.#clock());
    suspectLines(bytes, (line, candidates) => {
      const match = matchLogLine(line, clock, unit, candidates);
      if (match !== null && logPatternOf(match.sign)?.routine !== true) this.#tallies.note(match, origin);
    });
    // The minute that is counted ends with the newest line, of whatever kind.
    const { at } = parseLogLine(bytes.toString('utf8', bytes.lastIndexOf('\n') + 1), clock);
    if (at !== null) this.#tallies.newest(at, origin);
  }

  #clock(): LogClock {
    const nowMs = this.#now();
    return {
      nowMs,
      utcOffsetMinutes: -new Date(nowMs).getTimezoneOffset(),
      bootAtMs: this.#bootAt(nowMs),
    };
  }

  #bootAt(nowMs: number): number | null {
    try {
      return nowMs - this.#world.uptimeSeconds() * 1000;
    } catch {
      return null;
    }
  }
}

/**
 * The logs of this node. A captured tree without the node's files has none: this machine's logs belong to another node. If
 * rsyslog writes both files, syslog has everything that messages has.
 */
function ownLogs(world: World): string[] {
  const { rootfs } = world.roots;
  if (!world.live && rootfs === '/') return [];
  const root = rootfs === '/' ? '' : rootfs;
  const hasJournal = [`${root}/run/log/journal`, `${root}/var/log/journal`].some(
    (folder) => (world.tryList(folder)?.length ?? 0) > 0,
  );
  if (hasJournal) return ['journal'];
  const names = world.tryList(`${root}/var/log`) ?? [];
  const name = ['syslog', 'messages'].find((one) => names.includes(one));
  return name === undefined ? [] : [`${root}/var/log/${name}`];
}

/** The reading while no origin has any lines. */
function together(origins: readonly LogOrigin[]): Reading<LogsValue> {
  const readings = origins.map(({ reading }) => reading);
  const open = readings.find(({ status }) => status === 'pending');
  if (open?.status === 'pending') return pending(open.forMs, open.detail);
  const reasons = readings.flatMap((reading) => (reading.status === 'failed' ? [reading.detail] : []));
  if (reasons.length > 0) return failed(reasons.join('; '));
  return absent(readings.flatMap((reading) => (reading.status === 'absent' ? [reading.detail] : [])).join('; '));
}

function isMissing({ reading }: LogOrigin): boolean {
  return reading.status === 'absent' || reading.status === 'failed';
}
