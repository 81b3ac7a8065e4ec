import { createGzip } from 'node:zlib';
import { emptyHistory, type History, reduce } from '../../model/history.ts';
import type { Sample } from '../../sample/sample.ts';
import { type LinkState, startingState } from '../../wire/link.ts';
import { openLive } from '../../wire/live.ts';
import { decodeSample, encodeSample } from '../../wire/ndjson.ts';
import type { CollectOptions } from '../options.ts';
import { passOn } from '../options.ts';

/** What a look at the node came to. */
export interface Look {
  readonly history: History;
  /** The Samples as NDJSON, gzipped. */
  readonly samples: Buffer;
  readonly count: number;
  /** How many Samples more there were than are kept. */
  readonly left: number;
  /** The link at the end: whether the sampler hangs, and on what. */
  readonly state: LinkState;
}

interface LookOptions {
  readonly options: CollectOptions;
  /** How to run the sampler. */
  readonly command: readonly string[];
  readonly mask: (sample: Sample) => Sample;
  readonly lookMs: number;
  readonly patienceMs: number;
}

export const defaultLookMs = 3000;
/** How long to wait beyond that for sources that have not answered. */
export const defaultPatienceMs = 4000;
const askMs = 50;
/** However long the interval of the screen. */
const longestIntervalMs = 1000;
/** Uncompressed: some hundred Samples of a crowded node. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Looks at the node through a sampler, as `check` does, and keeps the Samples. What is told of the node is made of exactly
 * those that are kept. Ends in time whatever the node does.
 */
export async function lookForBundle(look: LookOptions): Promise<Look> {
  const { options, command, mask, lookMs, patienceMs } = look;
  const kept = new KeptSamples();
  let history = emptyHistory;
  let state = startingState;
  let firstMs: number | null = null;
  const interval = Math.min(options.interval, longestIntervalMs);
  const link = openLive(
    { command, args: passOn(options), intervalMs: interval },
    {
      onSample: (sample) => {
        const line = encodeSample(mask(sample));
        if (!kept.add(line)) return;
        history = reduce(history, decodeSample(line));
        firstMs ??= history.monoMs;
      },
      onState: (next) => {
        state = next;
      },
    },
  );
  const started = performance.now();
  const isDone = (): boolean => history.monoMs - (firstMs ?? history.monoMs) >= lookMs * 0.95 && hasAnswered(history);
  while (!isEnded(state) && !isDone() && performance.now() - started < lookMs + patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, askMs));
  }
  link.close();
  return { history, samples: await kept.end(), count: kept.count, left: kept.left, state };
}

/** TypeScript does not see that a handler sets it. */
const isEnded = (state: LinkState): boolean => state.status === 'ended';

/** Every source has said something final. */
function hasAnswered({ sources, disks }: History): boolean {
  const answered = Object.values(sources).every(({ reading }) => reading.status !== 'pending');
  const rated = sources.disks.reading.status !== 'ok' || disks.some.length >= 2;
  return answered && rated;
}

/** Samples on their way through a compressor, in bounded memory. */
class KeptSamples {
  count = 0;
  left = 0;
  readonly #gzip = createGzip();
  readonly #parts: Buffer[] = [];
  readonly #ended: Promise<unknown>;
  #bytes = 0;

  constructor() {
    this.#gzip.on('data', (part: Buffer) => this.#parts.push(part));
    this.#ended = new Promise((resolve) => this.#gzip.once('end', resolve));
  }

  /** False when there is no room for it. */
  add(line: string): boolean {
    this.#bytes += line.length;
    if (this.#bytes > maxBytes) {
      this.left++;
      return false;
    }
    this.count++;
    this.#gzip.write(line);
    return true;
  }

  async end(): Promise<Buffer> {
    this.#gzip.end();
    await this.#ended;
    return Buffer.concat(this.#parts);
  }
}
