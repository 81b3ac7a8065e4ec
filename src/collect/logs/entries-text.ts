import type { Entries } from '../../parse/log/entries.ts';
import { entriesOf } from '../../parse/log/records.ts';

const headLength = 4096;

/** Bytes of a log whose entries are no lines, as lines. */
export class EntriesText {
  readonly #decoder = new TextDecoder();
  readonly #entries: Entries;

  private constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Null when each entry is a line already. */
  static of(head: Buffer): EntriesText | null {
    const entries = entriesOf(head.toString('utf8', 0, headLength));
    return entries === null ? null : new EntriesText(entries);
  }

  take(bytes: Uint8Array): Buffer {
    return Buffer.from(this.#entries.take(this.#decoder.decode(bytes, { stream: true })));
  }

  /** The last entry may lack its end. */
  end(): Buffer {
    return Buffer.from(this.#entries.end());
  }
}
