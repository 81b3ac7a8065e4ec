import type { BeginRead, Sample } from '../sample/sample.ts';
import type { Complaint } from './complaints.ts';

/** A source of samples, as the screen sees it. */
export interface Link {
  /** Closes at once; never waits for the other side. */
  readonly close: () => void;
  /** Changes the interval; null if the sampler is not ours (ssh, a file). */
  readonly setInterval: ((intervalMs: number) => void) | null;
}

export type OpenLink = (handlers: LinkHandlers) => Link;

export interface LinkHandlers {
  readonly onSample: (sample: Sample) => void;
  readonly onState: (state: LinkState) => void;
}

/** The state of the link itself. */
export interface LinkState {
  /** `silent`: no sample although one is due; `ended`: no more samples come. */
  readonly status: 'starting' | 'live' | 'silent' | 'ended';
  /** The last read that the silent sampler announced. */
  readonly hangsOn: BeginRead | null;
  /** Files and sources that hung and are not read, in words. */
  readonly quarantined: readonly string[];
  /** How often the sampler was restarted. */
  readonly restarts: number;
  /** Why it ended, or its last error. */
  readonly detail: string | null;
  /** What had the wrong shape in foreign input, and was skipped. */
  readonly complaints: readonly Complaint[];
}

export const startingState: LinkState = {
  status: 'starting',
  hangsOn: null,
  quarantined: [],
  restarts: 0,
  detail: null,
  complaints: [],
};
