/** One line of `GET /events` about a container (Docker Engine API, EventMessage). */
export interface ContainerEvent {
  readonly containerId: string;
  /** `kill`, `die`, `start`, `destroy`, … */
  readonly action: string;
  /** Milliseconds since 1970, by the engine's clock. */
  readonly at: number;
  /** The number of the signal, for `kill`. */
  readonly signal: number | null;
}

/** Parses a line; null when it is not JSON, or not about a container. */
export function parseContainerEvent(line: string): ContainerEvent | null {
  let event: EventMessage | null;
  try {
    event = JSON.parse(line) as EventMessage | null;
  } catch {
    return null;
  }
  const containerId = event?.Actor?.ID;
  if (event?.Type !== 'container' || typeof containerId !== 'string' || typeof event.Action !== 'string') return null;
  const at = typeof event.timeNano === 'number' ? event.timeNano / 1e6 : Number(event.time) * 1000;
  const sent = event.Actor?.Attributes?.['signal'];
  const signal = typeof sent === 'string' || typeof sent === 'number' ? Number(sent) : 0;
  return {
    containerId,
    action: event.Action,
    // What a date can hold (ECMA-262, Time Values and Time Range).
    at: Math.abs(at) <= 8.64e15 ? at : 0,
    signal: Number.isInteger(signal) && signal > 0 ? signal : null,
  };
}

interface EventMessage {
  readonly Type?: unknown;
  readonly Action?: unknown;
  readonly time?: unknown;
  readonly timeNano?: unknown;
  readonly Actor?: { readonly ID?: unknown; readonly Attributes?: Readonly<Record<string, unknown>> };
}
