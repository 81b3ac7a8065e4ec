import { type Marker, nextMarker } from './markers.ts';

/** What a key does to time: in the past of the live screen, and in a recording. */
export type TimeCommand = 'pause' | MoveCommand | 'play-slower' | 'play-faster';

/** What leads to another moment. */
export type MoveCommand = keyof typeof stepMs | 'previous-marker' | 'next-marker';

/** What a key does to the source of the Samples. */
export type SourceCommand = 'slower' | 'faster' | 'record';

/** How far the keys go that step in time, milliseconds. */
const stepMs = {
  'step-back': -1000,
  'step-on': 1000,
  'leap-back': -10_000,
  'leap-on': 10_000,
  'minute-back': -60_000,
  'minute-on': 60_000,
} as const;

/** Whether a command leads to another moment. */
export const isMove = (command: TimeCommand | SourceCommand): command is MoveCommand =>
  Object.hasOwn(stepMs, command) || command === 'previous-marker' || command === 'next-marker';

/** The moment that a command leads to from another one; null when there is no marker in that direction. */
export function destinationOf(command: MoveCommand, cursor: number, markers: readonly Marker[]): number | null {
  switch (command) {
    case 'next-marker':
      return nextMarker(markers, cursor, 'next')?.at ?? null;
    case 'previous-marker':
      return nextMarker(markers, cursor, 'previous')?.at ?? null;
    default:
      return cursor + stepMs[command];
  }
}

/** Where a command searches for a marker; null for one that steps. */
export function directionOf(command: MoveCommand): 'next' | 'previous' | null {
  if (command === 'next-marker') return 'next';
  return command === 'previous-marker' ? 'previous' : null;
}
