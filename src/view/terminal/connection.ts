/** How the Samples come in, as the screen tells it. */
export interface Connection {
  readonly status: 'starting' | 'live' | 'silent' | 'ended';
  /** Since the newest Sample, in seconds. */
  readonly ageSeconds: number;
  /** How often the sampler reads, milliseconds. */
  readonly intervalMs: number;
  /** What is wrong with it, for the strip; null when nothing is. */
  readonly trouble: string | null;
  /** Bytes of the recording that is being made; null, or not told, when none is. */
  readonly recordedBytes?: number | null;
  /** What watching costs: both processes. */
  readonly selfCost: { readonly cpuPercent: number; readonly rssBytes: number } | null;
}
