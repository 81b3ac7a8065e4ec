import { type BeginRead, type HungRead, type SourceName, sourceNames } from '../sample/sample.ts';

/**
 * So many files of one source that hang, each in turn, have a lock in common (`namespace_sem` is behind every mountinfo):
 * the next one would hang too, and each costs a sampler and its silence. The processes are worth more patience: without
 * them nearly everything is blind, and a few that hang alone are common (`stack` waits for each execve on a dead server).
 */
const filesOfASource = 3;
const filesOfProcesses = 12;

/**
 * What hung before and is not read again. Its size is bounded: a source has a few files at most, then it is left out as
 * a whole.
 */
export class LeftOut {
  #reads: readonly HungRead[] = [];

  /** Every read that hung, for those who look at the Samples. */
  get hung(): readonly HungRead[] {
    return this.#reads;
  }

  /** The sources of which something is left out. */
  get sources(): SourceName[] {
    return sourceNames.filter((name) => this.#reads.some(({ source }) => source === name));
  }

  /** Files and sources, as a person reads them. */
  get words(): string[] {
    return [...this.#roots(null), ...this.#disabled()];
  }

  /**
   * Takes in where a sampler hung.
   *
   * @param at the last line of the first sampler that it held up, milliseconds since 1970
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

  /** Reads the source whole again. */
  forgive(source: SourceName): void {
    this.#reads = this.#reads.filter((read) => read.source !== source);
  }

  /** Options of `rtwatch sample` that leave it all out. */
  args(): string[] {
    return [...this.#roots(null).flatMap(avoid), ...this.#disabled().flatMap(disable)];
  }

  /** Options for a sampler that tries one source whole, and looks at nothing else. */
  trialArgs(source: SourceName): string[] {
    const needed = new Set<SourceName>([
      source,
      ...neededBy(source).filter((name) => !this.#disabled().includes(name)),
    ]);
    return [...this.#roots(source).flatMap(avoid), ...sourceNames.filter((name) => !needed.has(name)).flatMap(disable)];
  }

  /**
   * The paths to avoid. Those of a source that is disabled are free again: it was their lock, not them, and other
   * sources have something to say of these processes.
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
const disable = (source: SourceName): string[] => ['--disable', source];

/** A process has more files that would hang next. */
function rootOf(path: string): string {
  return /^.*\/\d+(?=\/)/.exec(path)?.[0] ?? path;
}

/** Most sources ask about the processes that `processes` found, and `stacks` about the daemons. */
function neededBy(source: SourceName): SourceName[] {
  return source === 'stacks' ? ['processes', 'daemons'] : ['processes'];
}
