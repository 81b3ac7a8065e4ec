/** A file of a bundle, as listed in its manifest. */
export interface BundleEntry {
  /** Below the archive's one folder. */
  readonly path: string;
  readonly bytes: number;
  /** How long it took to have it, in milliseconds; null for what was made of other parts. */
  readonly tookMs: number | null;
  /** What a reader should know of it; null when nothing. */
  readonly note: string | null;
}

/** What a bundle ought to hold and does not. */
export interface MissingPart {
  readonly what: string;
  readonly because: string;
}

/** Where the parts of a bundle go. */
interface ArchiveSink {
  readonly add: (path: string, bytes: Uint8Array) => Promise<void>;
}

/** Thousands of files that are missing for the same reason say no more than these. */
const maxMissing = 500;

/** The parts of a bundle on their way into the archive: counted, bounded in size, and one written after the other. */
export class BundleParts {
  readonly entries: BundleEntry[] = [];
  readonly missing: MissingPart[] = [];
  /** How many more are missing than `missing` lists. */
  moreMissing = 0;
  /** Uncompressed, of all entries. */
  bytes = 0;
  /** Called when something was added. */
  onChange: () => void = () => {};
  readonly #sink: ArchiveSink;
  readonly #maxBytes: number;
  readonly #taken = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  /** @param maxBytes of all parts before compression */
  constructor(sink: ArchiveSink, maxBytes: number) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  /** How many bytes may still come. */
  get room(): number {
    return Math.max(0, this.#maxBytes - this.bytes);
  }

  /**
   * Takes a part, if there is room for it; resolves when it is in the archive.
   *
   * @throws what the sink throws
   */
  add(path: string, content: string | Uint8Array, tookMs: number | null, note: string | null = null): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes.length > this.room) {
      this.miss(path, `${bytes.length} bytes exceed the limit of ${this.#maxBytes} (--limit)`);
      return this.#last;
    }
    return this.#take({ path, bytes: bytes.length, tookMs, note }, bytes);
  }

  /** The files about the bundle itself always have room. */
  addManifest(path: string, content: string): Promise<void> {
    const bytes = Buffer.from(content);
    return this.#take({ path, bytes: bytes.length, tookMs: null, note: null }, bytes);
  }

  miss(what: string, because: string): void {
    if (this.missing.length < maxMissing) this.missing.push({ what, because });
    else this.moreMissing++;
  }

  /**
   * Resolves when all that was added is in the archive.
   *
   * @throws what the sink throws
   */
  settle(): Promise<void> {
    return this.#last;
  }

  #take(entry: BundleEntry, bytes: Uint8Array): Promise<void> {
    if (this.#taken.has(entry.path)) return this.#last;
    this.#taken.add(entry.path);
    this.entries.push(entry);
    this.bytes += bytes.length;
    this.#last = this.#last.then(() => this.#sink.add(entry.path, bytes));
    // Passed to the callers that wait for this part, or for all.
    this.#last.catch(() => {});
    this.onChange();
    return this.#last;
  }
}
