import type { ContainerEvent } from '../../parse/engine/event.ts';
import type { PendingKill, SentSignal } from '../../sample/containers.ts';

/** SIGINT, SIGQUIT, SIGKILL, SIGTERM: the signals that are meant to end a container. SIGHUP and the like are messages. */
const endingSignals = new Set([2, 3, 9, 15]);
const sigkill = 9;
/** moby's default for `docker stop` without `-t`. */
const defaultStopSeconds = 10;
/** The kubelet's usual grace of a pod is as much longer than the engine's own timeout. */
const slackMs = 30_000;
/** Hundreds of stops can be open at once (each retry of the kubelet adds one); beyond this they are not distinguished. */
const maxOpenStops = 1000;

/** The signals sent to each container that no `die` has answered: an unkillable container is a list of them. */
export class PendingKills {
  readonly #kills = new Map<string, Waiting>();

  of(containerId: string): PendingKill | null {
    return this.#kills.get(containerId)?.kill ?? null;
  }

  /** @param stopTimeoutSeconds of that container, if its inspect has it */
  note(event: ContainerEvent, stopTimeoutSeconds: number | null = null): void {
    const { containerId, action, at, signal } = event;
    if (action === 'kill' && signal !== null && endingSignals.has(signal)) {
      const windowMs = (stopTimeoutSeconds ?? defaultStopSeconds) * 1000 + slackMs;
      this.#kills.set(containerId, added(this.#kills.get(containerId) ?? nothing, at, signal, windowMs));
    } else if (action === 'die' || action === 'destroy' || action === 'start') {
      this.#kills.delete(containerId);
    }
  }

  /** Forgets everything, before the engine sends its past events again. */
  clear(): void {
    this.#kills.clear();
  }

  /** Forgets containers that are gone. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#kills.keys()) if (!ids.has(id)) this.#kills.delete(id);
  }
}

interface Waiting {
  readonly kill: PendingKill | null;
  /** When each stop was requested that no SIGKILL has followed yet; the oldest first. */
  readonly openStops: readonly number[];
}

const nothing: Waiting = { kill: null, openStops: [] };

/** A SIGKILL belongs to the oldest stop that may still wait for its own; else it is an attempt by itself (`docker kill`, `rm -f`). */
function added({ kill, openStops }: Waiting, at: number, signal: number, windowMs: number): Waiting {
  const open = openStops.filter((asked) => at - asked <= windowMs);
  const follows = signal === sigkill && open.length > 0;
  return {
    kill: {
      firstAt: kill?.firstAt ?? at,
      lastAt: at,
      count: (kill?.count ?? 0) + 1,
      attempts: (kill?.attempts ?? 0) + (follows ? 0 : 1),
      signal,
      signals: withSignal(kill?.signals ?? [], signal, at),
    },
    openStops: signal === sigkill ? open.slice(1) : [...open, at].slice(-maxOpenStops),
  };
}

function withSignal(signals: readonly SentSignal[], signal: number, at: number): readonly SentSignal[] {
  if (!signals.some((sent) => sent.signal === signal))
    return [...signals, { signal, count: 1, firstAt: at, lastAt: at }];
  return signals.map((sent) => (sent.signal === signal ? { ...sent, count: sent.count + 1, lastAt: at } : sent));
}
