import fs from 'node:fs';
import { codeOf } from '../../base/system-error.ts';
import type { LogProgress } from '../../sample/logs.ts';
import { failed, ok, pending, type Reading } from '../../sample/reading.ts';
import { reasonOf } from '../reason.ts';
import type { World } from '../world.ts';
import { LogBlocks } from './blocks.ts';
import { contentBytes, contentOf, howToRead } from './content.ts';
import { EntriesText } from './entries-text.ts';
import { unpackEnd } from './packing.ts';
import { Utf16Text } from './utf16.ts';

/** What of a log's past is read: some hours of a calm daemon, some minutes of a storm. */
const backlogBytes = 4 * 1024 ** 2;
/** One step keeps the thread for about ten milliseconds. */
const stepBytes = 1024 ** 2;
const newline = 0x0a;

/** The open file: another one of the same name is known by its inode. */
interface Followed {
  readonly fd: number;
  readonly dev: number;
  readonly ino: number;
  offset: number;
}

/**
 * Follows one log file by looking at it again and again: what it grows by, a new file of the same name (logrotate's
 * `create`; the old one is read to its end first), a file that was cut (`copytruncate`), and one that is not there yet.
 */
export class LogFile {
  readonly #world: World;
  readonly #path: string;
  readonly #take: (bytes: Buffer) => void;
  readonly #blocks = new LogBlocks();
  readonly #buffer = Buffer.allocUnsafe(stepBytes);
  readonly #progress = { lines: 0, bytes: 0, skippedBytes: 0 };
  #file: Followed | null = null;
  #everOpen = false;
  #tookMs = 0;
  #failure: string | null = null;
  #pending = true;
  /** A packed log is unpacked once, beside the other polls. */
  #isUnpacking = false;
  /** Why this file can never be read, until another one has its name. */
  #refusal: string | null = null;
  #wide: Utf16Text | null = null;
  #entries: EntriesText | null = null;

  /** @param take gets whole lines, some at a time */
  constructor(world: World, path: string, take: (bytes: Buffer) => void) {
    this.#world = world;
    this.#path = path;
    this.#take = take;
  }

  get reading(): Reading<LogProgress> {
    if (this.#failure !== null) return failed(this.#failure);
    if (this.#isUnpacking) return pending(0, `${this.#path} is being unpacked`);
    return this.#pending ? pending(0, `${this.#path} is not read yet`) : ok({ ...this.#progress }, this.#tookMs);
  }

  /**
   * Reads what there is, a mebibyte at most.
   *
   * @returns whether there is more, of the past that is to be read
   */
  step(): boolean {
    const started = performance.now();
    try {
      const more = this.#step();
      if (!this.#isUnpacking) this.#failure = this.#refusal;
      this.#pending &&= more || this.#isUnpacking;
      return more;
    } catch (error) {
      this.#failure = this.#explain(error);
      return false;
    } finally {
      this.#tookMs = performance.now() - started;
    }
  }

  close(): void {
    if (this.#file !== null) fs.closeSync(this.#file.fd);
    this.#file = null;
  }

  #step(): boolean {
    if (this.#isUnpacking) return false;
    this.#world.announce(this.#path);
    const named = this.#stat();
    if (this.#file === null) this.#open(named);
    const file = this.#file;
    if (file === null) return false;
    const { size } = fs.fstatSync(file.fd);
    if (size < file.offset) {
      file.offset = 0;
      this.#blocks.reset();
      this.#wide?.reset();
      this.#entries = null;
    }
    this.#skip(file, size);
    this.#read(file, size);
    if (file.offset < size) return true;
    if (named === null || (named.ino === file.ino && named.dev === file.dev)) return false;
    this.close();
    this.#blocks.reset();
    return true;
  }

  /** Null while the name is gone and the file is still open: logrotate is about to make a new one. */
  #stat(): fs.Stats | null {
    try {
      return fs.statSync(this.#path);
    } catch (error) {
      if (this.#file !== null && codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  #open(named: fs.Stats | null): void {
    // Opening a FIFO waits for a writer, and reading /dev/kmsg never ends.
    if (named?.isFile() !== true) throw new Error(`${this.#path} is not a regular file`);
    this.#world.announce(this.#path, true);
    const fd = fs.openSync(this.#path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY);
    const { dev, ino, size } = fs.fstatSync(fd);
    this.#file = { fd, dev, ino, offset: 0 };
    this.#refusal = null;
    this.#wide = null;
    this.#entries = null;
    // A file that appears, or replaces another, is new from its beginning; so are the first bytes of the past.
    if (!this.#everOpen && size > backlogBytes) this.#skipTo(this.#file, size - backlogBytes);
    this.#everOpen = true;
    this.#examine(this.#file, size);
  }

  /** `check --log FILE.gz`: what logrotate packed. Nothing is appended to such a file. */
  #examine(file: Followed, size: number): void {
    const head = Buffer.alloc(Math.min(size, contentBytes));
    const content = contentOf(head.subarray(0, fs.readSync(file.fd, head, 0, head.length, 0)));
    if (content === 'text') {
      // From its middle on, what belongs together is not known.
      this.#entries = file.offset === 0 ? EntriesText.of(head) : null;
      return;
    }
    if (content === 'utf16le' || content === 'utf16be') {
      this.#wide = new Utf16Text(content);
      return;
    }
    file.offset = size;
    if (content !== 'gzip' && content !== 'zstd') {
      this.#refusal = `${this.#path} is ${howToRead(content)}`;
      return;
    }
    this.#isUnpacking = true;
    this.#blocks.reset();
    void unpackEnd(this.#path, content, backlogBytes).then(
      ({ bytes, skippedBytes }) => {
        this.#progress.skippedBytes += skippedBytes;
        if (skippedBytes > 0) this.#blocks.reset(true);
        // The last line may lack its end.
        this.#give(bytes.at(-1) === newline ? bytes : Buffer.concat([bytes, Buffer.from([newline])]));
        this.#unpacked(null);
      },
      (error) => this.#unpacked(`${this.#path}: ${reasonOf(error)}`),
    );
  }

  #unpacked(failure: string | null): void {
    this.#isUnpacking = false;
    this.#pending = false;
    this.#failure = failure;
    this.#refusal = failure;
  }

  /** In a flood the newest lines are worth more than all of them. */
  #skip(file: Followed, size: number): void {
    if (size - file.offset > backlogBytes + stepBytes) this.#skipTo(file, size - stepBytes);
  }

  #skipTo(file: Followed, offset: number): void {
    // Two bytes are a character of UTF-16.
    const from = offset - (this.#wide === null ? 0 : offset % 2);
    this.#progress.skippedBytes += from - file.offset;
    file.offset = from;
    this.#blocks.reset(true);
    this.#wide?.reset();
  }

  #read(file: Followed, size: number): void {
    if (file.offset >= size) return;
    this.#world.announce(this.#path, true);
    const length = Math.min(stepBytes, size - file.offset);
    const got = fs.readSync(file.fd, this.#buffer, 0, length, file.offset);
    // Truncated between fstat and read: the next poll begins anew.
    if (got === 0) file.offset = size;
    file.offset += got;
    const read = this.#buffer.subarray(0, got);
    this.#give((this.#wide ?? this.#entries)?.take(read) ?? read);
    // Such a file was exported: nothing is appended to it.
    if (file.offset >= size && this.#entries !== null) this.#give(this.#entries.end());
  }

  #give(read: Buffer): void {
    this.#progress.bytes += read.length;
    const { bytes, lines } = this.#blocks.take(read);
    this.#progress.lines += lines;
    if (lines > 0) this.#take(bytes);
  }

  #explain(error: unknown): string {
    if (codeOf(error) === 'ENOENT') return `${this.#path} is not there; it is read as soon as it appears`;
    return reasonOf(error);
  }
}
