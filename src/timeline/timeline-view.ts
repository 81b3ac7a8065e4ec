import type { Marker } from './markers.ts';

/** The moment that the screen shows, and the stretch of time around it: the last hour of a live node, or a recording. */
export interface TimelineView {
  /** `past`: of a live node. */
  readonly kind: 'past' | 'replay';
  /** The stretch of time, in milliseconds since 1970 by the node's clock. */
  readonly from: number;
  readonly to: number;
  /** The moment that is shown. */
  readonly cursor: number;
  /** In the order of time. */
  readonly markers: readonly Marker[];
  /** The markers are known up to here. */
  readonly markedTo: number;
  readonly status: 'playing' | 'paused';
  /** What came before the moment is still being read: since when a finding holds may yet change. */
  readonly reading: boolean;
  /** How many seconds of the node are played in one. */
  readonly speed: number;
  /** The caption of this moment; null for none. */
  readonly caption: string | null;
}
