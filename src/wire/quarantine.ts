import { type BeginRead, type HungRead, type SourceName, sourceNames } from '../sample/sample.ts';

/**
 * When this many files of a source hang in turn, they share a lock (`namespace_sem` is behind every mountinfo): the next
 * would hang too, and each costs a sampler. Processes get more patience: nearly every view needs them, and single hangs
 * are common (`stack` waits for an execve on a dead NFS server).
 */
const filesOfASource = 3;
const filesOfProcesses = 12;

/**
 * Files and sources that hung and are not read again. Bounded: after a few files, the whole source is quarantined.
 */
export class Quarantine {
  #reads: readonly HungRead[] = [];

  /** Every read that hung, as samples report it. */
  get hung(): readonly HungRead[] {
    return this.#reads;
  }

  /** Sources with a quarantined file, and quarantined sources. */
  get sources(): SourceName[] {
    return sourceNames.filter((name) => this.#reads.some(({ source }) => source === name));
  }

  /** Files and sources in words. */
  get words(): string[] {
    return [...this.#roots(null), ...this.#disabled()];
  }

  /**
   * Adds the read that a sampler hung in.
   *
   * @param at time of the last line of the first sampler that hung in it, milliseconds since 1970
   */
  learn({ source, path }: BeginRead, at: number): void {
    const has = (wanted: string | null): boolean =>
      this.#reads.some((read) => read.source === source && read.path === wanted);
    if (!has(path ?? null)) this.#reads = [...this.#reads, { source, path: path ?? null, at }];
    const files = this.#reads.filter((read) => read.source === source && read.path !== null);
    const most = source === 'processes' ? filesOfProcesses : filesOfASource;
    if (files.length >= most && !has(null)) {
      this.#reads = [...this.#reads, { source, path: null, at: files[0]?.at ?? at }];
    }
  }

  /** Releases the source and its files. */
  forgive(source: SourceName): void {
    this.#reads = this.#reads.filter((read) => read.source !== source);
  }

  /** Options of `rtwatch sample` that skip all of it. */
  args(): string[] {
    return [...this.#roots(null).flatMap(avoid), ...this.#disabled().flatMap(skip)];
  }

  /** Options for a sampler that reads all of one source and nothing else. */
  probeArgs(source: SourceName): string[] {
    const needed = new Set<SourceName>([
      source,
      ...neededBy(source).filter((name) => !this.#disabled().includes(name)),
    ]);
    return [...this.#roots(source).flatMap(avoid), ...sourceNames.filter((name) => !needed.has(name)).flatMap(skip)];
  }

  /**
   * The paths to avoid. Not those of a disabled source: its lock hung, not these processes, and other sources can read
   * them.
   */
  #roots(tried: SourceName | null): string[] {
    const disabled = this.#disabled();
    const avoided = this.#reads.filter(({ source }) => source !== tried && !disabled.includes(source));
    return [...new Set(avoided.flatMap(({ path }) => (path === null ? [] : rootOf(path))))];
  }

  #disabled(): SourceName[] {
    return this.#reads.filter(({ path }) => path === null).map(({ source }) => source);
  }
}

const avoid = (path: string): string[] => ['--avoid', path];
const skip = (source: SourceName): string[] => ['--skip', source];

/** The whole process: its other files would hang next. */
function rootOf(path: string): string {
  return /^.*\/\d+(?=\/)/.exec(path)?.[0] ?? path;
}

/** Most sources need the list of processes, and `stacks` needs the daemons. */
function neededBy(source: SourceName): SourceName[] {
  return source === 'stacks' ? ['processes', 'daemons'] : ['processes'];
}
