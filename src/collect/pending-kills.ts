import type { ContainerEvent } from '../parse/container-event.ts';
import type { PendingKill } from '../sample/containers.ts';

/** SIGINT, SIGQUIT, SIGKILL, SIGTERM: the signals that are meant to end a container. SIGHUP and the like are messages. */
const endingSignals = new Set([2, 3, 9, 15]);

/** The signals sent to each container that no `die` has answered: an unkillable container is a list of them. */
export class PendingKills {
  readonly #kills = new Map<string, PendingKill>();

  of(containerId: string): PendingKill | null {
    return this.#kills.get(containerId) ?? null;
  }

  note(event: ContainerEvent): void {
    const { containerId, action, at, signal } = event;
    if (action === 'kill' && signal !== null && endingSignals.has(signal)) {
      const known = this.#kills.get(containerId);
      this.#kills.set(containerId, {
        firstAt: known?.firstAt ?? at,
        lastAt: at,
        count: (known?.count ?? 0) + 1,
        attempts: (known?.attempts ?? 0) + (signal === 9 && known !== undefined ? 0 : 1),
        signal,
      });
    } else if (action === 'die' || action === 'destroy' || action === 'start') {
      this.#kills.delete(containerId);
    }
  }

  /** Forgets everything, before the engine tells its past events again. */
  clear(): void {
    this.#kills.clear();
  }

  /** Forgets containers that are gone. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#kills.keys()) if (!ids.has(id)) this.#kills.delete(id);
  }
}
