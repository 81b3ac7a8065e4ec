import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../base/system-error.ts';
import type { Sample } from '../../sample/sample.ts';
import { RecordingEncoder } from './lines.ts';
import { blockMarker } from './markers.ts';
import { Packer, type Packing, packingOfName } from './packing.ts';
import { sealLines } from './seal.ts';

export interface WriterOptions {
  /** Approximate limit of all parts together, in bytes; null for none. */
  readonly maxBytes: number | null;
  /** Approximate maximum age; null for none. */
  readonly maxAgeMs: number | null;
}

interface WriterProgress {
  /** Bytes of all existing parts. */
  readonly bytes: number;
  /** Samples that are safe in the file. */
  readonly samples: number;
}

/** A recording cannot be written. The message says what, why and what to do. */
export class RecordingWriteError extends Error {}

const longestBlockMs = 300_000;
/** To read a moment, its block is unpacked from the start. */
const largestBlockLength = 32 * 1024 * 1024;
/** A limited recording has this many parts; a new part replaces the oldest. */
const partCount = 4;

interface Part {
  readonly dev: number;
  readonly ino: number;
  bytes: number;
}

interface Block {
  readonly packer: Packer;
  readonly startedMonoMs: number;
  readonly beginsFile: boolean;
  /** Characters so far. */
  length: number;
}

/**
 * Writes a recording: `add` queues samples, `flush` hands them to the kernel. The file only grows, so it is readable
 * however the writer dies. It is created new, for its owner only, never through a link. There is no fsync: a power cut
 * loses what the kernel has not written back (usually 30s), but a forced sync can stall a node with a sick disk.
 *
 * Writes are synchronous and block while the disk does: run this in its own process.
 */
export class RecordingWriter {
  readonly #path: string;
  readonly #options: WriterOptions;
  readonly #packing: Packing;
  readonly #encoder = new RecordingEncoder();
  /** Null if closed. */
  #fd: number | null;
  /** The newest first. */
  #parts: Part[] = [];
  #queue: Sample[] = [];
  #block: Block | null = null;
  #blocks = 0;
  #partStartedMonoMs: number | null = null;
  #working: Promise<void> = Promise.resolve();
  #samples = 0;

  /** @throws RecordingWriteError */
  constructor(file: string, options: WriterOptions) {
    this.#path = file;
    this.#options = options;
    this.#packing = packingOfName(file);
    this.#try('make', () => {
      for (let i = 1; this.#isBounded && i < partCount; i++) expectFree(partName(file, i));
    });
    this.#fd = this.#open();
  }

  get progress(): WriterProgress {
    return { bytes: this.#parts.reduce((sum, { bytes }) => sum + bytes, 0), samples: this.#samples };
  }

  /** Samples that are not flushed. */
  get waiting(): number {
    return this.#queue.length;
  }

  add(sample: Sample): void {
    this.#queue.push(sample);
  }

  /** @throws RecordingWriteError the recording is over; the file stays readable */
  flush(): Promise<void> {
    this.#working = this.#working.then(() => this.#writeQueued());
    return this.#working;
  }

  /** @throws RecordingWriteError */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#endBlock(sealLines(this.#encoder.end()));
    } finally {
      this.#closeFile();
    }
  }

  #closeFile(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
    this.#fd = null;
  }

  async #writeQueued(): Promise<void> {
    const queued = this.#queue.splice(0);
    let text = '';
    for (const sample of queued) {
      if (this.#isBlockOver(sample) || this.#isPartOver(sample)) {
        await this.#endBlock(text);
        text = '';
      }
      const block = this.#block ?? this.#beginBlock(sample);
      this.#block = block;
      const carried = block.length === 0 ? this.#encoder.begin(sample, block.beginsFile) : '';
      const lines = sealLines(carried + this.#encoder.add(sample));
      block.length += lines.length;
      text += lines;
    }
    if (this.#block !== null) this.#write(await this.#block.packer.pack(text));
    this.#expectNamed();
    this.#samples += queued.length;
  }

  get #isBounded(): boolean {
    return this.#options.maxBytes !== null || this.#options.maxAgeMs !== null;
  }

  #isBlockOver({ monoMs }: Sample): boolean {
    if (this.#block === null) return false;
    const { startedMonoMs, length } = this.#block;
    // From another boot, or beyond the block's time.
    return monoMs < startedMonoMs || monoMs - startedMonoMs >= longestBlockMs || length >= largestBlockLength;
  }

  #isPartOver({ monoMs }: Sample): boolean {
    const { maxBytes, maxAgeMs } = this.#options;
    const startedMonoMs = this.#partStartedMonoMs;
    if (startedMonoMs === null) return false;
    const isLarge = maxBytes !== null && (this.#parts[0]?.bytes ?? 0) >= maxBytes / partCount;
    return isLarge || (maxAgeMs !== null && Math.abs(monoMs - startedMonoMs) >= maxAgeMs / partCount);
  }

  #beginBlock(sample: Sample): Block {
    if (this.#isPartOver(sample)) this.#rotate();
    const beginsFile = this.#partStartedMonoMs === null;
    this.#partStartedMonoMs ??= sample.monoMs;
    this.#write(blockMarker(this.#packing, this.#blocks++, sample.at));
    return { packer: new Packer(this.#packing), startedMonoMs: sample.monoMs, beginsFile, length: 0 };
  }

  async #endBlock(text: string): Promise<void> {
    const block = this.#block;
    if (block === null) return;
    this.#block = null;
    this.#write(await block.packer.pack(text));
    this.#write(await block.packer.end());
  }

  /** Removes the oldest part, renames the others to the next number and starts a new file. */
  #rotate(): void {
    const oldest = this.#parts.length === partCount ? this.#parts.pop() : undefined;
    this.#try('begin the next part of', () => {
      this.#closeFile();
      if (oldest !== undefined) {
        expectOurs(partName(this.#path, partCount - 1), oldest);
        fs.unlinkSync(partName(this.#path, partCount - 1));
      }
      for (let i = this.#parts.length; i > 0; i--) {
        const [from, to] = [partName(this.#path, i - 1), partName(this.#path, i)];
        expectOurs(from, this.#parts[i - 1]);
        expectFree(to);
        fs.renameSync(from, to);
      }
    });
    this.#partStartedMonoMs = null;
    this.#fd = this.#open();
  }

  #open(): number {
    return this.#try('make', () => {
      const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
      const fd = fs.openSync(this.#path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      const { dev, ino } = fs.fstatSync(fd);
      this.#parts.unshift({ dev, ino, bytes: 0 });
      return fd;
    });
  }

  #write(bytes: Buffer): void {
    this.#try('write', () => {
      for (let done = 0; done < bytes.length; ) {
        const written = fs.writeSync(this.#fd ?? -1, bytes, done);
        done += written;
        const part = this.#parts[0];
        if (part !== undefined) part.bytes += written;
      }
    });
  }

  /** A removed file still accepts writes, and they are lost. */
  #expectNamed(): void {
    const { nlink } = this.#try('write', () => fs.fstatSync(this.#fd ?? -1));
    if (nlink > 0) return;
    throw new RecordingWriteError(`cannot write ${this.#path}: the file or its directory was removed`);
  }

  #try<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof RecordingWriteError) throw error;
      throw new RecordingWriteError(`cannot ${what} ${this.#path}: ${reasonOf(error, this.#path)}`);
    }
  }
}

/** `node.zst` → `node.1.zst`: the extension shows the compression. */
function partName(file: string, number: number): string {
  if (number === 0) return file;
  const [ending = ''] = /\.(?:gz|zst)$/.exec(file) ?? [];
  return `${file.slice(0, file.length - ending.length)}.${number}${ending}`;
}

function expectFree(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  throw new RecordingWriteError(`${file} exists. Use another name, or move it away`);
}

/** Another process may have replaced the part that we wrote. */
function expectOurs(file: string, part: Part | undefined): void {
  const { dev, ino } = fs.lstatSync(file);
  if (part !== undefined && dev === part.dev && ino === part.ino) return;
  throw new RecordingWriteError(`${file} was replaced by another file`);
}

function reasonOf(error: unknown, file: string): string {
  const folder = path.dirname(path.resolve(file));
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ELOOP':
      return 'file exists; not overwriting. Use another name, or move it away';
    case 'ENOENT':
      // /proc is there, and takes no files.
      return fs.existsSync(folder) ? `${folder} takes no files` : `no directory ${folder}`;
    case 'ENOTDIR':
      return `${folder} is not a directory`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied in ${folder}. Use another directory, or run as its owner`;
    case 'EROFS':
      return `the filesystem of ${folder} is read-only. Use another directory`;
    case 'ENOSPC':
      return `no space left in ${folder}. The recording so far is readable. Limit it with --max-size`;
    case 'EDQUOT':
      return `disk quota exceeded in ${folder}. The recording so far is readable`;
    case 'EIO':
      return `I/O error in ${folder} (see dmesg). The recording so far is readable`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
