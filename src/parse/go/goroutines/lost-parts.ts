/** What was lost of the frames on their way. */
export interface LostParts {
  readonly frames: number;
  /** Frames without file and line. */
  readonly places: number;
  /** Frames whose name or arguments are cut. */
  readonly cut: number;
}

/**
 * What was lost, in numbers, where it is more than one line; null else.
 *
 * @param first what was lost first, with its line
 */
export function lostInWords({ frames, places, cut }: LostParts, first: string | null): string | null {
  if (places + cut < 2) return null;
  const parts = [
    ...(places === 0 ? [] : [`places are missing in ${places} of ${frames} frames`]),
    ...(cut === 0 ? [] : [`${cut} of ${frames} frames are cut`]),
  ];
  return `${parts.join(', ')}${first === null ? '' : `; first at ${first}`}`;
}
