import { emptyHistory, type History, reduce } from '../../model/history.ts';
import type { Sample, SourceName } from '../../sample/sample.ts';
import { type LinkState, startingState } from '../../wire/link.ts';
import { openLive } from '../../wire/live.ts';

/** How to sample this node for one report, frame or bundle. */
export interface Sampling {
  /** How to run the sampler, and its options. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly intervalMs: number;
  /** At least so long, on the node's clock. */
  readonly sampleMs: number;
  /** How much longer to wait for sources that have not answered. */
  readonly patienceMs: number;
  /** Sources that are never read. */
  readonly disabled: readonly string[];
  /** Takes each Sample, and returns it as it counts; null if it does not. */
  readonly onSample: (sample: Sample) => Sample | null;
}

/** What the samples lead to. */
interface Sampled {
  readonly history: History;
  /** The link at the end: whether the sampler hangs, and on what. */
  readonly state: LinkState;
}

/** How long the program may take to load. On a machine under load that is seconds, which the sources must not be short of. */
const startMs = 10_000;

/**
 * Samples until the time is up and every source has answered. Waits longer while sources answer for the first time, but never
 * longer than twice the patience; without any Sample, ten seconds.
 */
export async function sampleUntilAnswered(sampling: Sampling): Promise<Sampled> {
  const { command, args, intervalMs, sampleMs, patienceMs, disabled, onSample } = sampling;
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const patience = new Patience(sampleMs, patienceMs, end);
  let history = emptyHistory;
  let state = startingState;
  let firstMonoMs: number | null = null;
  const link = openLive(
    { command, args, intervalMs },
    {
      onSample: (arrived) => {
        const sample = onSample(arrived);
        patience.hear(Object.keys(arrived.readings).filter((name) => isFinal(arrived, name as SourceName)));
        if (sample === null) return;
        history = reduce(history, sample);
        firstMonoMs ??= history.monoMs;
        if (history.monoMs - firstMonoMs >= sampleMs * 0.95 && hasAnswered(history, disabled)) end();
      },
      onState: (next) => {
        state = next;
        if (next.status === 'ended') end();
      },
    },
  );
  await over;
  patience.close();
  link.close();
  return { history, state };
}

/** When to stop waiting: counted from the first Sample, and from the last source that answered for the first time. */
class Patience {
  readonly #sampleMs: number;
  readonly #patienceMs: number;
  readonly #end: () => void;
  readonly #answered = new Set<string>();
  #firstAt: number | null = null;
  #timer: NodeJS.Timeout;

  constructor(sampleMs: number, patienceMs: number, end: () => void) {
    this.#sampleMs = sampleMs;
    this.#patienceMs = patienceMs;
    this.#end = end;
    this.#timer = setTimeout(end, startMs);
  }

  /** @param answered the sources that have answered in a Sample */
  hear(answered: readonly string[]): void {
    const now = performance.now();
    const isFirst = this.#firstAt === null;
    this.#firstAt ??= now;
    const known = this.#answered.size;
    for (const name of answered) this.#answered.add(name);
    if (!isFirst && this.#answered.size === known) return;
    const sampledAt = this.#firstAt + this.#sampleMs;
    const until = Math.min(Math.max(sampledAt, now) + this.#patienceMs, sampledAt + 2 * this.#patienceMs);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#end, Math.max(0, until - now));
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

const isFinal = ({ readings }: Sample, name: SourceName): boolean => readings[name]?.status !== 'pending';

/** Every source has a final answer, and the disks have two: a rate needs two. */
function hasAnswered({ sources, disks, daemons }: History, disabled: readonly string[]): boolean {
  const answered = Object.entries(sources).every(
    ([name, { reading }]) => disabled.includes(name) || reading.status !== 'pending',
  );
  const rated = sources.disks.reading.status !== 'ok' || disks.some.length >= 2;
  const figures = sources.daemons.value?.daemons ?? [];
  const hasFigures = figures.every(({ goroutines, heap, version }) =>
    [goroutines, heap, version].every(({ status }) => status !== 'pending'),
  );
  const stacks = sources.stacks.value?.daemons ?? [];
  const hasStacks = stacks.every(({ stacks }) => stacks?.status !== 'pending');
  const runtimes = sources.cri.value?.runtimes ?? [];
  const hasLists = runtimes.every(({ ping, sandboxList, containerList }) =>
    [ping, sandboxList, containerList].every(({ status }) => status !== 'pending'),
  );
  return answered && rated && hasStacks && hasLists && (hasFigures || daemons.size === 0);
}
