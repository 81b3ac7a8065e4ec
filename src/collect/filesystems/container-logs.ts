import fs from 'node:fs';
import { codeOf } from '../../base/system-error.ts';
import { parseHoldingMounts } from '../../parse/proc/filesystem-mounts.ts';
import type { ContainerLog } from '../../sample/filesystems.ts';
import { keepSame } from '../keep-same.ts';
import type { World } from '../world.ts';
import { reasonAgainst } from './safe-mounts.ts';

/** Where the log of a container is, if it has one in a file. */
export interface LogFile {
  /** Of the container. */
  readonly id: string;
  /** Below which all logs of its engine lie: announced as a whole, and as a whole not read again after it hung. */
  readonly root: string;
  /** On the node. Rotated files are beside it, and their names begin with its name. */
  readonly path: string;
}

interface ContainerLogsOptions {
  readonly files: () => readonly LogFile[];
  /** A task of those who write the logs is in D: a read could get behind it. */
  readonly isBlocked: () => boolean;
}

interface Known {
  readonly inode: number;
  readonly rotatedBytes: number;
  readonly listedAt: number;
}

/** Between two rotations the rotated files stay as they are; one that is compressed later is seen after this. */
const listAgainMs = 300_000;
/** stat(2) of a file that is open takes microseconds: these take a few milliseconds. Of more containers each has its turn. */
const maxStats = 1000;

/**
 * How large the logs of containers are. The file that is written is in memory, because it is open; directories, which may
 * have to be read from the disk, are listed rarely.
 */
export class ContainerLogs {
  readonly #world: World;
  readonly #options: ContainerLogsOptions;
  readonly #known = new Map<string, Known>();
  #newest: readonly ContainerLog[] = [];
  #turn = 0;

  constructor(world: World, options: ContainerLogsOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** @param mountinfo of the node */
  read(mountinfo: string): readonly ContainerLog[] {
    const files = this.#options.files();
    const before = new Map(this.#newest.map((log) => [log.id, log]));
    const isBlocked = this.#options.isBlocked();
    const against = new Map(
      [...new Set(files.map(({ root }) => root))].map((root) => [root, this.#whyNot(root, mountinfo)]),
    );
    const isDue = this.#dueOf(files.length);
    const logs = files.map((file, index): ContainerLog => {
      const because = against.get(file.root) ?? null;
      if (because !== null) return { id: file.id, bytes: null, because };
      const known = before.get(file.id);
      if (isBlocked)
        return known ?? { id: file.id, bytes: null, because: 'not read while its engine waits for a disk' };
      if (!isDue(index)) return known ?? { id: file.id, bytes: null, because: 'not read yet' };
      return this.#read(file);
    });
    const ids = new Set(files.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    this.#newest = keepSame(this.#newest, logs);
    return this.#newest;
  }

  #dueOf(count: number): (index: number) => boolean {
    if (count <= maxStats) return () => true;
    const turns = Math.ceil(count / maxStats);
    const turn = this.#turn++ % turns;
    return (index) => Math.floor(index / maxStats) === turn;
  }

  /** Announces the root, once for all of its files. */
  #whyNot(root: string, mountinfo: string): string | null {
    const [mount] = parseHoldingMounts(mountinfo, [root]);
    if (mount === undefined) return 'it is on no known filesystem';
    const because = reasonAgainst(mount);
    if (because !== null) return because;
    if (this.#options.isBlocked()) return null;
    try {
      this.#world.announce(this.#world.host(root), true);
      return null;
    } catch (error) {
      return reasonOf(error, root);
    }
  }

  #read({ id, path }: LogFile): ContainerLog {
    const place = this.#world.host(path);
    try {
      this.#world.announce(place);
      const { size, ino } = fs.statSync(place);
      const known = this.#known.get(id);
      const now = performance.now();
      const isKnown = known?.inode === ino && now - known.listedAt < listAgainMs;
      const rotatedBytes = isKnown ? known.rotatedBytes : rotatedBytesOf(place);
      if (!isKnown) this.#known.set(id, { inode: ino, rotatedBytes, listedAt: now });
      return { id, bytes: size + rotatedBytes };
    } catch (error) {
      return { id, bytes: null, because: reasonOf(error, path) };
    }
  }
}

/** `ID-json.log.1`, `0.log.20260101-000000.gz`: what is beside a log file and was that file before. */
function rotatedBytesOf(place: string): number {
  const slash = place.lastIndexOf('/');
  const directory = place.slice(0, slash);
  const before = `${place.slice(slash + 1)}.`;
  return fs
    .readdirSync(directory)
    .filter((name) => name.startsWith(before))
    .reduce((sum, name) => sum + (fs.statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function reasonOf(error: unknown, path: string): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied (run as root)';
    case 'EAVOIDED':
      return `a read of ${path} hung`;
    default:
      return `stat(2) failed: ${codeOf(error) ?? 'unknown error'}`;
  }
}
