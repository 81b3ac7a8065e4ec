import { type Sample, wireVersion } from '../../sample/sample.ts';
import type { ListMemory } from '../list-memory.ts';
import { asSample, encodeSample, NewerWire } from '../ndjson.ts';
import { SampleEncoder } from '../sample-encoder.ts';
import { SampleFilter } from '../sample-filter.ts';
import { Checkpoint } from './checkpoint.ts';

/** How the first line of a block begins; also how a block is found in a file that is not compressed. */
export const blockStart = '{"block":{';

/** What the first line of a block says besides its Sample. */
interface BlockStart {
  /** Milliseconds since 1970, of the Sample that the block was begun for. */
  readonly at: number;
  /** The number of this line in its file, counted from 1. */
  readonly line: number;
}

/**
 * Samples to the lines of a recording, which are Samples too. A block begins with the newest readings from before it, so that
 * it can be read alone. Its other lines repeat no list that another of them has and that is the same object since.
 */
export class RecordingEncoder {
  readonly #filter = new SampleFilter();
  readonly #encoder = new SampleEncoder();
  readonly #checkpoint = new Checkpoint();
  #lines = 0;
  /** The next line begins a block. */
  #start: BlockStart | null = null;

  /**
   * The lines that begin a block for this Sample, which is still to be added.
   *
   * @param newFile lines are counted from 1 again
   */
  begin({ at }: Pick<Sample, 'at'>, newFile = false): string {
    if (newFile) this.#lines = 0;
    this.#start = { at, line: this.#lines + 1 };
    this.#encoder.forget();
    return this.#checkpoint
      .samples()
      .map((carried) => this.#line(`{"carried":true,${encodeSample(carried).slice(1)}`))
      .join('');
  }

  /** Empty for a Sample that only announces a read, as most do. */
  add(sample: Sample): string {
    const kept = this.#filter.take(sample);
    for (const one of kept) this.#checkpoint.take(one);
    return this.#linesOf(kept);
  }

  /** What is left to write at the end. */
  end(): string {
    return this.#linesOf(this.#filter.end());
  }

  #linesOf(samples: readonly Sample[]): string {
    return samples.map((sample) => this.#line(this.#encoder.encode(sample))).join('');
  }

  #line(encoded: string): string {
    this.#lines++;
    if (this.#start === null) return encoded;
    const start = JSON.stringify(this.#start);
    this.#start = null;
    return `{"block":${start},${encoded.slice(1)}`;
  }
}

/**
 * One line that this process encoded itself: its shape is not checked, as that of a line from a file is (`door.ts`).
 *
 * @param lists of the lines before it, from the beginning of a block on
 * @throws when the line is no Sample
 */
export function decodeOwnLine(line: string, lists: ListMemory): { readonly sample: Sample; readonly carried: boolean } {
  const { block: _, carried, ...rest } = JSON.parse(line) as { readonly block?: unknown; readonly carried?: unknown };
  const sample = asSample(rest);
  lists.complete(sample);
  return { sample, carried: carried === true };
}

/** What the beginning of a line shows of it without the cost of reading it whole. */
export interface LineHead {
  readonly carried: boolean;
  /** When the Sample was taken, milliseconds since 1970. */
  readonly at: number;
}

const headForm =
  /^\{(?:"block":\{"at":[\d.]{1,32},"line":\d{1,15}\},)?("carried":true,)?"v":(\d{1,9}),"seq":\d+,"at":(\d{1,16}(?:\.\d+)?)[,}]/;

/**
 * Null for a line whose keys stand in another order than ours.
 *
 * @throws when it is of a version newer than this program
 */
export function headOf(line: string): LineHead | null {
  const [, carried, v, at] = headForm.exec(line) ?? [];
  if (Number(v) > wireVersion) throw new NewerWire(Number(v));
  return at === undefined ? null : { carried: carried !== undefined, at: Number(at) };
}

/** The number that the first line of a block says it has in its file; null for other lines. */
export function numberOf(line: string): number | null {
  const number = /^\{"block":\{"at":[\d.]{1,32},"line":(\d{1,15})\}/.exec(line)?.[1];
  return number === undefined ? null : Number(number);
}
