import { Debug1Parser } from '../../parse/go/goroutines/debug1.ts';
import { absent, type Reading } from '../../sample/reading.ts';
import type { DaemonStacks, FoldedStack, FoldedStacks, StacksValue } from '../../sample/stacks.ts';
import { Probe } from '../probe.ts';
import type { DebugClient } from './debug-client.ts';
import { HolderDump } from './holder-dump.ts';

/** A daemon that can be read at this moment. */
export interface StackTarget {
  readonly daemon: string;
  readonly client: DebugClient;
  /** Their number: decides whether they are read. */
  readonly goroutines: Reading<number>;
}

/** Go up to 1.18 stops the world for 1 to 10 µs a goroutine: with these, for 10 ms twice a minute at the worst. */
const fewGoroutines = 1000;
const fewPeriodMs = 30_000;
/** And for 200 ms every two minutes with these. */
const manyGoroutines = 20_000;
const manyPeriodMs = 120_000;
const deadlineMs = 10_000;
/** So many goroutines fill a few megabytes, folded; without a bound a body that never ends would fill the memory. */
const maxBytes = 64 * 1024 ** 2;
const maxGroups = 300;
const maxFuncs = 48;

/**
 * Reads the daemons' goroutines now and then, folded by stack (`goroutine?debug=1`): a count says that something is wrong,
 * only the stacks say what. The count predicts what a read costs the daemon, and above twenty thousand there is none: that
 * takes a key press. A pile-up behind a lock is worth one whole dump (`holder-dump.ts`).
 */
export class StacksCollector {
  readonly #targets: () => readonly StackTarget[];
  readonly #polls = new Map<string, DaemonPoll>();

  /** @param targets the daemons that can be read now */
  constructor(targets: () => readonly StackTarget[]) {
    this.#targets = targets;
  }

  /** What is known, asking what is due. */
  collect(): StacksValue {
    const targets = this.#targets();
    for (const [name, poll] of this.#polls) {
      if (targets.some(({ daemon, client }) => daemon === name && client === poll.client)) continue;
      poll.stop();
      this.#polls.delete(name);
    }
    return { daemons: targets.map((target) => this.#pollOf(target).describe(target.goroutines)) };
  }

  close(): void {
    for (const poll of this.#polls.values()) poll.stop();
  }

  #pollOf({ daemon, client }: StackTarget): DaemonPoll {
    const known = this.#polls.get(daemon);
    if (known !== undefined) return known;
    const poll = new DaemonPoll(daemon, client);
    this.#polls.set(daemon, poll);
    return poll;
  }
}

class DaemonPoll {
  readonly client: DebugClient;
  readonly #daemon: string;
  readonly #few: Probe<FoldedStacks>;
  readonly #holders: HolderDump;
  #count = 0;
  /** The last read that was sent: a hundred kilobytes that need not be sent again. */
  #sent = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(daemon: string, client: DebugClient) {
    this.#daemon = daemon;
    this.client = client;
    this.#holders = new HolderDump(client);
    this.#few = new Probe({
      what: 'GET /debug/pprof/goroutine?debug=1',
      periodMs: fewPeriodMs,
      deadlineMs,
      ask: async (signal) => {
        const stacks = await readFolded(client, signal);
        this.#count++;
        this.#holders.consider(stacks);
        return stacks;
      },
    });
  }

  describe(goroutines: Reading<number>): DaemonStacks {
    const stacks = this.#reading(goroutines);
    const whole = stacks.status === 'ok' ? this.#holders.take() : null;
    // A whole dump goes with the folded read that it explains: a recording can begin there.
    const isSent = stacks.status === 'ok' && this.#sent === this.#count && whole === null;
    if (stacks.status === 'ok') this.#sent = this.#count;
    const known = { daemon: this.#daemon, look: this.#count, stacks: isSent ? null : stacks };
    return whole === null ? known : { ...known, whole };
  }

  stop(): void {
    this.#few.stop();
    this.#holders.stop();
  }

  #reading(goroutines: Reading<number>): Reading<FoldedStacks> {
    // A daemon that does not answer the request for the count gets no more requests.
    if (goroutines.status !== 'ok' && !hasNoIndex(goroutines))
      return this.#count === 0 ? goroutines : this.#few.reading;
    const count = goroutines.status === 'ok' ? goroutines.value : null;
    if (count !== null && count > manyGoroutines) {
      return absent(`${count} goroutines: reading them pauses the daemon, so press x`);
    }
    const now = performance.now();
    const isTime = (count !== null && count <= fewGoroutines) || now - this.#lastAt >= manyPeriodMs;
    if (isTime && this.#few.due && !this.#few.open && !this.#holders.open) {
      this.#lastAt = now;
      void this.#few.poll();
    }
    return this.#few.reading;
  }
}

/** A server that has profiles but not the index page: Go's own handler has both or neither, a proxy may not. */
function hasNoIndex(goroutines: Reading<number>): boolean {
  return goroutines.status === 'failed' && goroutines.detail.endsWith('HTTP 404');
}

/** Stacks that differ only in lines are equal here: the names say what a goroutine is doing. */
async function readFolded(client: DebugClient, signal: AbortSignal): Promise<FoldedStacks> {
  const counts = new Map<string, { count: number; funcs: readonly string[] }>();
  const parser = new Debug1Parser(({ count, frames }) => {
    const funcs = frames.slice(0, maxFuncs).map(({ func }) => func);
    const key = funcs.join('\n');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { count, funcs });
    else known.count += count;
  });
  await client.read('/debug/pprof/goroutine?debug=1', { signal, maxBytes }, (piece) => parser.feed(piece));
  const { total, error } = parser.end();
  if (counts.size === 0) throw new Error(error ?? 'no goroutines in it');
  const groups: FoldedStack[] = [...counts.values()].sort((a, b) => b.count - a.count);
  const largest = groups.slice(0, maxGroups);
  return { total, groups: largest, rest: total - largest.reduce((sum, { count }) => sum + count, 0) };
}
