import type { ContainerEvent } from '../../parse/engine/event.ts';
import type { ContainerChurn } from '../../sample/containers.ts';

/** How many containers came and went, by the engine's events. */
export class ContainerChurnCounter {
  #since: number | null = null;
  #newestAt = Number.NEGATIVE_INFINITY;
  #created = 0;
  #died = 0;
  #destroyed = 0;

  /** Null before the first event. */
  get value(): ContainerChurn | null {
    if (this.#since === null) return null;
    return { since: this.#since, created: this.#created, died: this.#died, destroyed: this.#destroyed };
  }

  note({ action, at }: Pick<ContainerEvent, 'action' | 'at'>): void {
    // A stream that was opened again begins with events that are known.
    if (at <= this.#newestAt) return;
    this.#newestAt = at;
    this.#since ??= at;
    if (action === 'create') this.#created++;
    if (action === 'die') this.#died++;
    if (action === 'destroy') this.#destroyed++;
  }
}
