import type { Zone } from '../base/zone.ts';
import type { Sample } from '../sample/sample.ts';
import type { LinkState } from '../wire/link.ts';
import type { RecorderState } from '../wire/recording/recorder.ts';
import type { Judged } from './node-follower.ts';
import type { SourceCommand, TimeCommand } from './time-command.ts';
import type { TimeNotice } from './time-notice.ts';
import type { TimelineView } from './timeline-view.ts';

/**
 * Where the screen's moments come from: a live node, or a recording. The screen over it is the same.
 *
 * In the shape that React's `useSyncExternalStore` takes.
 */
export interface TimeSource {
  /** The moment to show. The same object while nothing changed; never written to. */
  readonly getSnapshot: () => TimeSnapshot;
  /** Calls back after each change, until the function that it returns is called. */
  readonly subscribe: (onChange: () => void) => () => void;
  readonly obey: (command: TimeCommand | SourceCommand) => void;
  /** Goes to a moment as the reader typed it, in the reader's zone. */
  readonly seek: (text: string, zone: Zone) => void;
  /** @param onNotice gets what there is to say */
  readonly start: (onNotice: (notice: TimeNotice) => void) => void;
  /** Ends it at once. */
  readonly close: () => void;
}

export interface TimeSnapshot extends Judged {
  /** Where in time the moment is; null: it is the newest of a live node. */
  readonly timeline: TimelineView | null;
  readonly feed: Feed;
}

/** How the Samples come in. */
type Feed = LiveFeed | RecordedFeed;

export interface LiveFeed {
  readonly kind: 'live';
  readonly link: LinkState;
  /** When the newest Sample came, by this process's clock (`performance.now`). */
  readonly heardAt: number;
  /** How long before the newest Sample the shown moment is, milliseconds. */
  readonly pastMs: number;
  /** What the sampler costs now, also while the past is shown. */
  readonly sampler: Judged['model']['sampler'];
  readonly intervalMs: number;
  /** Bytes of the recording that is being made; null when none is. */
  readonly recordedBytes: number | null;
}

export interface RecordedFeed {
  readonly kind: 'recorded';
  /** What of the recording cannot be read; null when nothing is known of that. */
  readonly damage: string | null;
}

/** Makes a recording of the Samples of a live source. */
export interface SampleRecorder {
  /** Whether a recording is being made, or about to be. */
  readonly isOn: boolean;
  /** The newest state of the present recording, or of the last one; null before the first. */
  readonly state: RecorderState | null;
  /**
   * Begins a new file.
   *
   * @param host name of the node, for the name of the file
   * @param before what came in the last while
   */
  readonly start: (host: string, before: AsyncIterable<Sample>, onState: (state: RecorderState) => void) => void;
  readonly write: (sample: Sample) => void;
  readonly stop: () => Promise<void>;
}
