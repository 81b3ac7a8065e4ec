import fs from 'node:fs';
import { codeOf } from '../base/system-error.ts';
import { parseUptime } from '../parse/proc/uptime.ts';

/** Where the node's files are. A captured tree, or a node seen from inside a container, has other roots. */
interface Roots {
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
}

/**
 * A container decides how long some files are (`cmdline`, a configuration below its root). The longest that a node has,
 * `mountinfo` with the 100,000 mounts of `fs.mount-max`, is below this.
 */
const longestBytes = 64 * 1024 ** 2;
const firstBytes = 64 * 1024;
/** A buffer for a longer file is not kept. */
const keptBytes = 4 * 1024 ** 2;
/** An error with its stack costs more than the system call, and some sockets are looked for at every poll. */
const quietly = { throwIfNoEntry: false } as const;

/** The sources of one tick read the uptime within this time, milliseconds, and mean the same moment. */
const momentMs = 50;

export const liveRoots: Roots = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };

/**
 * The node's files.
 *
 * Reads are synchronous on purpose: a scan of thousands of small files costs a fraction of what it costs through libuv's
 * pool, and a read that hangs would take that pool with it anyway. That is why the sampler is a separate process, which its
 * parent kills if it hangs.
 */
export class World {
  readonly roots: Roots;
  /** Called before a read that can block forever; the sampler announces it to its parent. */
  onRiskyRead: (path: string) => void = () => {};
  /** Called when a source goes on after it waited for an answer: meanwhile others have read. */
  onResume: () => void = () => {};
  /** Announce every read, not only the risky ones: slower, but a read that hangs is then known by name. */
  announceAll = false;
  /** Paths that hung before, and all below them: reading one fails at once. */
  readonly avoided: string[] = [];

  #buffer = Buffer.allocUnsafe(firstBytes);
  #uptime: { readonly at: number; readonly seconds: number } | null = null;

  constructor(roots: Roots) {
    this.roots = roots;
  }

  /** Whether this is the running kernel's own /proc, rather than a captured or foreign tree. */
  get live(): boolean {
    return this.roots.procfs === liveRoots.procfs;
  }

  /** The path of a file below procfs, e.g. `proc('42/stat')`. */
  proc(path: string): string {
    return `${this.roots.procfs}/${path}`;
  }

  /** A path of the node as rtwatch opens it. */
  host(path: string): string {
    const root = this.roots.rootfs.replace(/\/$/, '');
    // Below another root /var/run is a link to /run, which would lead out of it.
    return root === '' ? path : `${root}${path.replace(/^\/var\/run\//, '/run/')}`;
  }

  /**
   * Reads a whole file.
   *
   * @param risky the kernel may make the reader wait for another process or a lock
   * @throws the error of open(2) or read(2), with its `code`; `EFBIG` for a file of more than 64 MiB
   */
  readText(path: string, risky = false): string {
    this.#begin(path, risky);
    return this.#read(path);
  }

  /**
   * Reads a file that the kernel writes and keeps short (`stat` of a process): Node.js opens, reads and closes it within one call, which takes
   * a tenth less time. It reads files of any length so, and a container must not decide how much is read.
   */
  readRecord(path: string): string {
    this.#begin(path, false);
    return fs.readFileSync(path, 'utf8');
  }

  /**
   * Seconds since the node has booted; read once for all that ask at one moment.
   *
   * @throws the error of open(2) or read(2); if the file is none of its kind
   */
  uptimeSeconds(): number {
    const now = performance.now();
    if (!this.live || this.#uptime === null || now - this.#uptime.at >= momentMs)
      this.#uptime = { at: now, seconds: parseUptime(this.readRecord(this.proc('uptime'))) };
    return this.#uptime.seconds;
  }

  /** As `readRecord`, but null if the file is missing or unreadable. */
  tryRecord(path: string): string | null {
    try {
      return this.readRecord(path);
    } catch {
      return null;
    }
  }

  /** As `readText`, but null if the file is missing or unreadable, or its process has exited. */
  tryText(path: string, risky = false): string | null {
    try {
      return this.readText(path, risky);
    } catch {
      return null;
    }
  }

  /**
   * The target of a symbolic link. In a captured tree links such as `ns/mnt` are plain files that hold the target.
   *
   * @throws the error of readlink(2)
   */
  readLink(path: string): string {
    this.#begin(path, false);
    try {
      return fs.readlinkSync(path);
    } catch (error) {
      if (codeOf(error) !== 'EINVAL') throw error;
      return this.readText(path).trim();
    }
  }

  tryLink(path: string): string | null {
    try {
      return this.readLink(path);
    } catch {
      return null;
    }
  }

  /**
   * The names in a directory.
   *
   * @throws the error of opendir(3)
   */
  list(path: string): string[] {
    this.#begin(path, false);
    return fs.readdirSync(path);
  }

  tryList(path: string): string[] | null {
    try {
      return this.list(path);
    } catch {
      return null;
    }
  }

  /**
   * `st_size` of a directory, without reading it: the number of descriptors for `/proc/PID/fd` since Linux 6.2, 0 before.
   * Null if unreadable.
   */
  trySize(path: string): number | null {
    try {
      this.#begin(path, false);
      return fs.statSync(path, quietly)?.size ?? null;
    } catch {
      return null;
    }
  }

  /** Whether there is a unix socket of that path. */
  isSocket(path: string): boolean {
    try {
      this.#begin(path, false);
      return fs.statSync(path, quietly)?.isSocket() ?? false;
    } catch {
      return false;
    }
  }

  /**
   * Says that a file is about to be read by other means than the methods here (a log is followed, not read whole).
   *
   * @throws when the file hung before (`EAVOIDED`)
   */
  announce(path: string, risky = false): void {
    this.#begin(path, risky);
  }

  #read(path: string): string {
    const fd = fs.openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const got = fs.readSync(fd, this.#buffer, length, this.#buffer.length - length, null);
        length += got;
        if (got === 0) return this.#buffer.toString('utf8', 0, length);
        if (length > longestBytes) throw Object.assign(new Error(`${path} is too long`), { code: 'EFBIG' });
        if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
      }
    } finally {
      fs.closeSync(fd);
      if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafe(firstBytes);
    }
  }

  #begin(path: string, risky: boolean): void {
    if (this.avoided.length > 0 && this.avoided.some((root) => path === root || path.startsWith(`${root}/`))) {
      throw Object.assign(new Error(`${path} hung before and is not read`), { code: 'EAVOIDED' });
    }
    if (risky || this.announceAll) this.onRiskyRead(path);
  }
}
