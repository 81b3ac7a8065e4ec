import type { BeginRead, Sample } from '../sample/sample.ts';

/** Where Samples come from, as the screen sees it. */
export interface Link {
  /** Ends it at once; never waits for the other side. */
  readonly close: () => void;
  /** Asks for another interval; null where the sampler is not ours (ssh, a file). */
  readonly setInterval: ((intervalMs: number) => void) | null;
}

export type OpenLink = (handlers: LinkHandlers) => Link;

export interface LinkHandlers {
  readonly onSample: (sample: Sample) => void;
  readonly onState: (state: LinkState) => void;
}

/** What the link itself has to say. */
export interface LinkState {
  /** `silent`: it should have spoken and has not; `ended`: it will not speak again. */
  readonly status: 'starting' | 'live' | 'silent' | 'ended';
  /** What the sampler was about to read when it fell silent. */
  readonly hangsOn: BeginRead | null;
  /** Files and sources that hung before and are now left out, as a person reads them. */
  readonly leftOut: readonly string[];
  /** How often a sampler had to be started again. */
  readonly restarts: number;
  /** Why it ended, or what it last complained of. */
  readonly detail: string | null;
}

export const startingState: LinkState = { status: 'starting', hangsOn: null, leftOut: [], restarts: 0, detail: null };
