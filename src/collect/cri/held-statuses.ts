import type { HeldStatus } from '../../sample/cri.ts';
import type { GrpcClient } from './grpc-client.ts';
import { methods } from './methods.ts';

/** A status takes milliseconds: after this it waits for the lock. */
const hangsAfterMs = 2000;
/** Requests that hang stay open, because one that is given up leaves a goroutine: so only a few run at once. */
const maxHanging = 4;
const maxOpen = 2;

/**
 * While the list of containers hangs, finds the container whose status lock is held. It requests the status of each container
 * in turn; the one that does not answer holds the lock.
 */
export class HeldStatuses {
  readonly #client: GrpcClient;
  readonly #open = new Map<string, number>();
  readonly #stop = new AbortController();
  #answered = new Set<string>();

  constructor(client: GrpcClient) {
    this.#client = client;
  }

  /** Those whose answer is overdue, the longest wait first. */
  get overdue(): HeldStatus[] {
    const now = performance.now();
    return [...this.#open]
      .map(([containerId, since]) => ({ containerId, forMs: now - since }))
      .filter(({ forMs }) => forMs > hangsAfterMs)
      .sort((a, b) => b.forMs - a.forMs);
  }

  /** Requests the next few statuses; starts over when all have answered: another lock may be held now. */
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

  /** Takes the next one as soon as one has answered: hundreds within a second. */
  async #ask(id: string, containerIds: readonly string[]): Promise<void> {
    this.#open.set(id, performance.now());
    const isAnswered = await this.#client.call(methods.containerStatus, id, { signal: this.#stop.signal }).then(
      () => true,
      // The container is gone (NotFound), or the connection: either way it holds no lock.
      () => !this.#stop.signal.aborted,
    );
    this.#open.delete(id);
    if (!isAnswered) return;
    this.#answered.add(id);
    if (this.overdue.length < maxHanging && !containerIds.every((one) => this.#answered.has(one)))
      this.ask(containerIds);
  }
}
