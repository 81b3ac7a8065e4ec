import type { RecorderState } from '../wire/recording/recorder.ts';
import type { TimelineView } from './timeline-view.ts';

/** What a source has to say to the reader, once; the view words it. */
export type TimeNotice =
  /** Nothing has come in yet: nothing can be held still. */
  | { readonly kind: 'nothing-yet' }
  | { readonly kind: 'not-a-moment'; readonly text: string }
  | { readonly kind: 'no-marker'; readonly of: TimelineView['kind']; readonly direction: 'next' | 'previous' }
  /** No marker up to a moment (milliseconds since 1970); what comes after it has not been read yet. */
  | { readonly kind: 'no-marker-yet'; readonly readTo: number }
  /** Only a recording can be played. */
  | { readonly kind: 'not-played' }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'gap-skipped'; readonly seconds: number }
  /** The Samples cannot be read any more. */
  | { readonly kind: 'unreadable'; readonly because: string }
  /** The interval is set where the Samples come from. */
  | { readonly kind: 'interval-elsewhere' }
  /** A recording has no interval: it has a speed. */
  | { readonly kind: 'interval-recorded' }
  /** There is no directory to record to. */
  | { readonly kind: 'no-recorder' }
  | { readonly kind: 'recording-started'; readonly file: string }
  | { readonly kind: 'recording'; readonly state: RecorderState }
  /** The source is a recording: it cannot be recorded. */
  | { readonly kind: 'is-recording' };
