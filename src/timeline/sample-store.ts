import type { Sample } from '../sample/sample.ts';

/** Samples that are kept: a recording (`RecordingFile` is one), or the last hour of the live screen. */
export interface SampleStore {
  /** The first and the last moment, milliseconds since 1970 by the node's clock. */
  readonly from: number;
  readonly to: number;
  /**
   * From some place before a moment on, to the end: first the newest reading of every source from before that place. The
   * caller requests that many milliseconds of history.
   *
   * @throws Error with a message for the reader, if they cannot be read any more
   */
  readonly samplesFrom: (at: number) => AsyncGenerator<Sample>;
}
