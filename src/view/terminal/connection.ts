/** The state of the stream of samples, for the screen. */
export interface Connection {
  readonly status: 'starting' | 'live' | 'silent' | 'ended';
  /** Since the newest Sample, in seconds. */
  readonly ageSeconds: number;
  /** How often the sampler reads, milliseconds. */
  readonly intervalMs: number;
  /** A fault, for the findings pane; null for none. */
  readonly trouble: string | null;
  /** Bytes written to the current recording; null or missing if there is none. */
  readonly recordedBytes?: number | null;
  /** The cost of rtwatch itself: both processes. */
  readonly selfCost: { readonly cpuPercent: number; readonly rssBytes: number } | null;
}
