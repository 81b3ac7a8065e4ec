import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { createTarPacker } from 'modern-tar';
import { fileTrouble } from '../../base/file-trouble.ts';
import { codeOf } from '../../base/system-error.ts';
import { makeFolder } from '../make-folder.ts';

export type Compression = 'gz' | 'zst';

/** The archive's file cannot be written; the message says what to do about it. */
export class CannotWrite extends Error {}

/** One body is handed to the compressor in pieces of this size. */
const pieceBytes = 1024 * 1024;
/** Longer ones make names that some filesystems refuse (255 bytes). */
const maxHostLength = 100;

/**
 * A compressed tar archive that grows in a file of mode 0600, under a name that ends in `.partial` until it is whole. It
 * never replaces a file and never follows a link.
 */
export class Archive {
  readonly #partial: string;
  readonly #stamp: string;
  readonly #compression: Compression;
  readonly #at: Date;
  readonly #packer = createTarPacker();
  readonly #written: Promise<void>;
  #name = 'rtwatch';

  private constructor(partial: string, fd: number, stamp: string, compression: Compression, at: Date) {
    this.#partial = partial;
    this.#stamp = stamp;
    this.#compression = compression;
    this.#at = at;
    this.#written = pipeline(
      Readable.fromWeb(this.#packer.readable),
      compression === 'gz' ? createGzip() : createZstdCompress(),
      fs.createWriteStream(partial, { fd }),
    );
    // Rejects the next file that is added, or the end.
    this.#written.catch(() => {});
  }

  /**
   * Creates the file, before any request to the node or a daemon, in a folder of mode 0700 that is created if missing.
   *
   * @throws CannotWrite
   */
  static open(folder: string, compression: Compression, at: Date): Archive {
    const stamp = at.toISOString().replace(/[:.]/g, '-');
    const partial = path.join(folder, `rtwatch-${stamp}.tar.${compression}.partial`);
    try {
      makeFolder(folder);
    } catch (error) {
      throw cannotWrite(folder, error);
    }
    try {
      // wx: never through a link, never over a file that is there.
      return new Archive(partial, fs.openSync(partial, 'wx', 0o600), stamp, compression, at);
    } catch (error) {
      throw cannotWrite(partial, error);
    }
  }

  /** Names the archive, and the one folder in it, for a node; before the first file is added. */
  nameAfter(host: string): void {
    this.#name = `rtwatch-${host.replaceAll(/[^\w.-]/g, '_').slice(0, maxHostLength) || 'node'}-${this.#stamp}`;
  }

  /**
   * Adds a file. One at a time.
   *
   * @throws CannotWrite
   */
  async add(file: string, bytes: Uint8Array): Promise<void> {
    const header = { name: `${this.#name}/${file}`, size: bytes.length, mode: 0o600, mtime: this.#at };
    try {
      const writer = this.#packer.controller.add(header).getWriter();
      for (let from = 0; from < bytes.length; from += pieceBytes) {
        await writer.write(bytes.subarray(from, from + pieceBytes));
      }
      await writer.close();
    } catch (error) {
      // The packer only reports that its output is closed; the file's own error says why.
      await this.#end(error);
    }
  }

  /**
   * Ends the archive and gives it its name.
   *
   * @throws CannotWrite
   */
  async finish(): Promise<{ readonly path: string; readonly bytes: number }> {
    const file = path.join(path.dirname(this.#partial), `${this.#name}.tar.${this.#compression}`);
    try {
      this.#packer.controller.finalize();
    } catch (error) {
      await this.#end(error);
    }
    try {
      await this.#written;
      moveWithoutReplacing(this.#partial, file);
      return { path: file, bytes: fs.statSync(file).size };
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }

  /** Takes away what was written so far. */
  abandon(): void {
    this.#packer.controller.error(new Error('abandoned'));
    fs.rmSync(this.#partial, { force: true });
  }

  async #end(error: unknown): Promise<never> {
    try {
      await this.#written;
    } catch (cause) {
      throw cannotWrite(this.#partial, cause);
    }
    throw cannotWrite(this.#partial, error);
  }
}

/** Not rename, which would replace a file of that name. */
function moveWithoutReplacing(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
    fs.unlinkSync(from);
  } catch (error) {
    if (!['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP'].includes(codeOf(error) ?? '')) throw error;
    // A filesystem without hard links: the empty file that is replaced is our own.
    fs.closeSync(fs.openSync(to, 'wx', 0o600));
    fs.renameSync(from, to);
  }
}

function cannotWrite(file: string, error: unknown): CannotWrite {
  return new CannotWrite(`${file} cannot be written: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  const elsewhere = 'name another folder with --dump-dir';
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space left (${elsewhere})`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied (run as root, or ${elsewhere})`;
    case 'EROFS':
      return `the filesystem is read-only (${elsewhere})`;
    case 'EEXIST':
      return 'file exists; not overwriting';
    case 'ENOTDIR':
      return `its folder is not a directory (${elsewhere})`;
    default:
      return `${fileTrouble(error)} (${elsewhere})`;
  }
}
