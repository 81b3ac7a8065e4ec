import type { Readable } from 'node:stream';
import { Lines } from '../child/lines.ts';
import { Complaints } from './complaints.ts';
import { type CheckedLine, decodeLine, NoSample } from './door.ts';
import { type Link, type LinkHandlers, type LinkState, startingState } from './link.ts';
import { ListMemory } from './list-memory.ts';

/**
 * Reads samples from a stream: `ssh -n node rtwatch sample | rtwatch watch -`, or a recording:
 * `zstdcat node.zst | rtwatch watch -`.
 */
export function openStream(input: Readable, handlers: LinkHandlers): Link {
  const stream = new Stream(handlers);
  const lines = new Lines();
  const end = (detail: string): void => {
    input.destroy();
    handlers.onState(stream.stateOf({ status: 'ended', detail }));
  };
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    try {
      for (const line of lines.feed(chunk)) stream.take(line);
    } catch (error) {
      end(`standard input: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  input.on('end', () => end(stream.isLive ? 'the samples ended' : 'no sample came'));
  input.on('error', (error) => end(error.message));
  return { close: () => input.destroy(), setInterval: null };
}

class Stream {
  readonly #handlers: LinkHandlers;
  readonly #complaints = new Complaints();
  readonly #lists = new ListMemory();
  #lines = 0;
  #live = false;
  /** A line arrived that a reader starting at its block would not need. */
  #hasBegun = false;

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers;
  }

  get isLive(): boolean {
    return this.#live;
  }

  stateOf(change: Partial<LinkState>): LinkState {
    return { ...startingState, ...change, complaints: this.#complaints.list };
  }

  /** @throws when the line is not JSON, of a newer version, or the first one and no Sample */
  take(line: string): void {
    this.#lines++;
    const read = this.#read(line);
    if (read === null) return;
    const { sample, carried, misfits, missing } = read;
    // Each block of a recording repeats older readings. Those of the first are news; later they would turn back the time.
    if (carried && this.#hasBegun) return;
    this.#hasBegun ||= !carried;
    const wrong = [...misfits, ...missing];
    const complaints = this.#complaints.take(String(this.#lines), `line ${this.#lines}`, wrong, 'reading');
    this.#handlers.onSample(sample);
    if (!this.#live || complaints.length > 0) this.#handlers.onState(this.stateOf({ status: 'live' }));
    this.#live = true;
  }

  /** Null for a line that is skipped. */
  #read(line: string): CheckedLine | null {
    try {
      return decodeLine(line, this.#lists);
    } catch (error) {
      // What arrives must not reach the screen through an error.
      if (error instanceof SyntaxError) throw new Error(`line ${this.#lines} is not JSON, as rtwatch sample writes it`);
      if (!(error instanceof NoSample)) throw error;
      const [words] = this.#complaints.take(String(this.#lines), `line ${this.#lines}`, [error.misfit], 'line');
      // Something else altogether.
      if (!this.#live) throw new Error(words ?? error.message);
      if (words !== undefined) this.#handlers.onState(this.stateOf({ status: 'live' }));
      return null;
    }
  }
}
