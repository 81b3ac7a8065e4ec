import { utc, type Zone } from '../../base/zone.ts';
import { asciiGlyphs, type Glyphs, unicodeGlyphs } from './glyphs.ts';

/** What the terminal can show, and the zone of the times. */
export interface Theme {
  readonly color: boolean;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  readonly zone: Zone;
  /** The one that a key changes to: UTC, or local time. */
  readonly otherZone: Zone;
}

interface ThemeChoice {
  readonly color: boolean;
  readonly ascii: boolean;
  readonly zone?: Zone;
  readonly otherZone?: Zone;
}

export function themeOf({ color, ascii, zone = utc, otherZone = zone }: ThemeChoice): Theme {
  return { color, ascii, glyphs: ascii ? asciiGlyphs : unicodeGlyphs, zone, otherZone };
}

/** The theme with its zones exchanged. */
export function inOtherZone(theme: Theme): Theme {
  return { ...theme, zone: theme.otherZone, otherZone: theme.zone };
}
