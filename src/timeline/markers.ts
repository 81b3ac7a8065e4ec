import type { FindingHistory } from '../rules/engine/finding-history.ts';
import type { Severity } from '../rules/engine/rule.ts';

/** A moment at which a finding was found, or was resolved. */
export interface Marker {
  /** Milliseconds since 1970, by the node's clock. */
  readonly at: number;
  readonly kind: 'opened' | 'resolved';
  readonly severity: Severity;
}

/** No time line has room for more than these; the oldest are forgotten. */
const maxMarkers = 2000;

/** The markers with those of the findings that opened and resolved between two states of their history. `info` gets none. */
export function withMarkers(
  markers: readonly Marker[],
  before: FindingHistory,
  after: FindingHistory,
  at: number,
): readonly Marker[] {
  const openBefore = new Set(before.open.map(({ key }) => key));
  const overBefore = new Set(before.resolved.map(({ key }) => key));
  const came = after.open.filter(({ key }) => !openBefore.has(key));
  const went = after.resolved.filter(({ key }) => openBefore.has(key) && !overBefore.has(key));
  const added = [
    ...came.map(({ finding }): Marker => ({ at, kind: 'opened', severity: finding.severity })),
    ...went.map(({ finding }): Marker => ({ at, kind: 'resolved', severity: finding.severity })),
  ].filter(({ severity }) => severity !== 'info');
  return added.length === 0 ? markers : [...markers, ...added].slice(-maxMarkers);
}

/** The marker after this moment, or the one before it; null when there is none. A marker at the moment itself has been seen. */
export function nextMarker(markers: readonly Marker[], cursor: number, direction: 'next' | 'previous'): Marker | null {
  const found =
    direction === 'next' ? markers.find(({ at }) => at > cursor) : markers.findLast(({ at }) => at < cursor);
  return found ?? null;
}
