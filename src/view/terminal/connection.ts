/** How the Samples come in, as the screen tells it. */
export interface Connection {
  readonly status: 'starting' | 'live' | 'silent' | 'ended';
  /** Since the newest Sample, in seconds. */
  readonly ageSeconds: number;
  /** What is wrong with it, for the strip; null when nothing is. */
  readonly trouble: string | null;
  /** What watching costs: both processes. */
  readonly selfCost: { readonly cpuPercent: number; readonly rssBytes: number } | null;
}
