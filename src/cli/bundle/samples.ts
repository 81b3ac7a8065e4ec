import { createGzip } from 'node:zlib';
import type { History } from '../../model/history.ts';
import type { Sample } from '../../sample/sample.ts';
import type { LinkState } from '../../wire/link.ts';
import { decodeSample, encodeSample } from '../../wire/ndjson.ts';
import { type CollectOptions, passOn } from '../options/options.ts';
import { sampleUntilAnswered } from '../sampler/sampling.ts';

/** The samples of a node, and the state they lead to. */
export interface TakenSamples {
  readonly history: History;
  /** NDJSON, gzipped. */
  readonly samples: Buffer;
  readonly count: number;
  /** How many samples were dropped for lack of room. */
  readonly left: number;
  /** The link at the end: whether the sampler hangs, and on what. */
  readonly state: LinkState;
}

interface SampleForBundle {
  readonly options: CollectOptions;
  /** How to run the sampler. */
  readonly command: readonly string[];
  readonly mask: (sample: Sample) => Sample;
  readonly sampleMs: number;
  readonly patienceMs: number;
}

export const defaultSampleMs = 3000;
/** How much longer to wait for sources that have not answered. */
export const defaultPatienceMs = 4000;
/** Even if the interval of the screen is longer. */
const longestIntervalMs = 1000;
/** Uncompressed: a few hundred samples of a crowded node. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Samples the node as `check` does, and keeps the samples. The report is made of exactly those that are kept. Returns in
 * time whatever the node does.
 */
export async function sampleForBundle(taken: SampleForBundle): Promise<TakenSamples> {
  const { options, command, mask, sampleMs, patienceMs } = taken;
  const kept = new KeptSamples();
  const { history, state } = await sampleUntilAnswered({
    command,
    args: passOn(options),
    intervalMs: Math.min(options.interval, longestIntervalMs),
    sampleMs,
    patienceMs,
    disabled: options.disable,
    onSample: (sample) => {
      const line = encodeSample(mask(sample));
      return kept.add(line) ? decodeSample(line) : null;
    },
  });
  return { history, samples: await kept.end(), count: kept.count, left: kept.left, state };
}

/** Compresses samples in bounded memory. */
class KeptSamples {
  count = 0;
  left = 0;
  readonly #gzip = createGzip();
  readonly #parts: Buffer[] = [];
  readonly #zipped: Promise<unknown>;
  #bytes = 0;

  constructor() {
    this.#gzip.on('data', (part: Buffer) => this.#parts.push(part));
    this.#zipped = new Promise((resolve) => this.#gzip.once('end', resolve));
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
    await this.#zipped;
    return Buffer.concat(this.#parts);
  }
}
