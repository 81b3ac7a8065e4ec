/** A time zone: enough to write and read a moment in it. */
export interface Zone {
  /** Minutes east of UTC at a moment, in milliseconds since 1970. */
  readonly offsetAt: (at: number) => number;
  /** The suffix of a time of day at that moment: ` CST`, ` +05:30`, and `Z` for UTC. */
  readonly suffixAt: (at: number) => string;
}

export const utc: Zone = { offsetAt: () => 0, suffixAt: () => 'Z' };

/**
 * A zone by its offset, and by its name if it has one; without a name the offset is written after the time.
 *
 * @param offsetAt minutes east of UTC
 * @param nameAt one or more letters, such as `CST`; null for none
 */
export function zoneOf(offsetAt: (at: number) => number, nameAt: (at: number) => string | null = () => null): Zone {
  return {
    offsetAt,
    suffixAt: (at) => {
      const name = nameAt(at);
      const offset = offsetAt(at);
      if (name === null) return offset === 0 ? 'Z' : ` ${formatOffset(offset)}`;
      return name === 'UTC' ? 'Z' : ` ${name}`;
    },
  };
}

/** `+08:00`, `-03:30` */
function formatOffset(minutes: number): string {
  const size = Math.abs(Math.round(minutes));
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
