import { LinkFollower } from '../timeline/link-follower.ts';
import type { OpenLink } from '../wire/link.ts';
import { RemoteLink } from './remote-link.ts';
import { compareRows, type RemoteRow, remoteRow } from './remote-row.ts';

/** A node and the command that gives its Samples. */
export interface RemoteNode {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Its standard input. */
  readonly inputFile?: string;
}

export interface RemoteSnapshot {
  /** The worst first. */
  readonly rows: readonly RemoteRow[];
  readonly paused: boolean;
}

/** The rows change that often at most, milliseconds. */
const gatherMs = 500;
/** How often the age of a silent node is counted, milliseconds. */
const tickMs = 1000;

interface Followed {
  readonly name: string;
  readonly link: RemoteLink;
  readonly follower: LinkFollower;
}

/**
 * Several nodes, each through its own connection. Of a node that is not opened only its newest model and the history of its rules
 * are kept, not its last hour.
 */
export class RemoteSource {
  readonly #nodes: readonly Followed[];
  readonly #listeners = new Set<() => void>();
  #snapshot: RemoteSnapshot;
  #gathering: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(nodes: readonly RemoteNode[]) {
    this.#nodes = nodes.map(({ name, command, inputFile }) => {
      const link = new RemoteLink({ command, inputFile });
      const follower = new LinkFollower({ open: link.follow, onSample: () => {}, onChange: () => this.#gather() });
      return { name, link, follower };
    });
    this.#snapshot = { rows: this.#rows(), paused: false };
  }

  readonly getSnapshot = (): RemoteSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  start(): void {
    for (const { link, follower } of this.#nodes) {
      follower.start();
      link.start();
    }
    this.#ticking = setInterval(() => {
      if (this.#snapshot.rows.some(({ status }) => status !== 'live')) this.#show();
    }, tickMs);
  }

  close(): void {
    clearTimeout(this.#gathering);
    clearInterval(this.#ticking);
    for (const { link, follower } of this.#nodes) {
      follower.close();
      link.close();
    }
  }

  /** Holds the rows as they are; the connections stay. */
  setPaused(paused: boolean): void {
    this.#snapshot = { ...this.#snapshot, paused };
    if (paused) this.#tell();
    else this.#show();
  }

  /** The connection of a node, for its own screen; null for no such node. */
  linkOf(name: string): OpenLink | null {
    return this.#nodes.find((node) => node.name === name)?.link.follow ?? null;
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#show();
    }, gatherMs);
  }

  #show(): void {
    if (this.#snapshot.paused) return;
    this.#snapshot = { ...this.#snapshot, rows: this.#rows() };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #rows(): RemoteRow[] {
    const now = performance.now();
    return this.#nodes.map(({ name, follower }) => remoteRow(name, follower.newest, now)).toSorted(compareRows);
  }
}
