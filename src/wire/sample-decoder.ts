import type { Sample } from '../sample/sample.ts';
import { ListMemory } from './list-memory.ts';
import { decodeSample } from './ndjson.ts';

/** Reads the lines that a `SampleEncoder` of this program writes to a pipe, from the first one on. */
export class SampleDecoder {
  readonly #lists = new ListMemory();

  /** @throws as `decodeSample`; if the line goes by one that was not read */
  decode(line: string): Sample {
    const sample = decodeSample(line);
    const [missing] = this.#lists.complete(sample);
    if (missing !== undefined) throw new Error(`${missing.path.join('.')}: ${missing.expected} is expected`);
    return sample;
  }
}
