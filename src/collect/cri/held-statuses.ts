import type { HeldStatus } from '../../sample/cri.ts';
import type { GrpcClient } from './grpc-client.ts';
import { methods } from './methods.ts';

/** A status takes milliseconds: after this it waits for the lock. */
const hangsAfterMs = 2000;
/** Questions that hang stay open, because one that is given up leaves a goroutine: so there are few. */
const maxHanging = 4;
const maxOpen = 2;

/**
 * While the list of containers hangs: whose status lock is held. Each container is asked for its status in turn; it is the one
 * whose question is not answered.
 */
export class HeldStatuses {
  readonly #client: GrpcClient;
  readonly #open = new Map<string, number>();
  readonly #stop = new AbortController();
  #answered = new Set<string>();

  constructor(client: GrpcClient) {
    this.#client = client;
  }

  /** Those whose answer is overdue, the one that waits longest first. */
  get overdue(): HeldStatus[] {
    const now = performance.now();
    return [...this.#open]
      .map(([containerId, since]) => ({ containerId, forMs: now - since }))
      .filter(({ forMs }) => forMs > hangsAfterMs)
      .sort((a, b) => b.forMs - a.forMs);
  }

  /** Asks some of those that were not asked yet; all again when each has answered: the lock may have moved on. */
  ask(containerIds: readonly string[]): void {
    const hanging = this.overdue.length;
    if (containerIds.every((id) => this.#answered.has(id))) this.#answered = new Set();
    for (const id of containerIds) {
      if (hanging >= maxHanging || this.#open.size - hanging >= maxOpen) return;
      if (!this.#open.has(id) && !this.#answered.has(id)) void this.#ask(id, containerIds);
    }
  }

  /** The list answers again. */
  settle(): void {
    this.#answered = new Set();
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Goes on with the next one as soon as one has answered: hundreds are asked within a second. */
  async #ask(id: string, containerIds: readonly string[]): Promise<void> {
    this.#open.set(id, performance.now());
    const isAnswered = await this.#client.call(methods.containerStatus, id, { signal: this.#stop.signal }).then(
      () => true,
      // Gone since (NotFound), or the connection: either way it holds nothing up.
      () => !this.#stop.signal.aborted,
    );
    this.#open.delete(id);
    if (!isAnswered) return;
    this.#answered.add(id);
    if (this.overdue.length < maxHanging && !containerIds.every((one) => this.#answered.has(one)))
      this.ask(containerIds);
  }
}
