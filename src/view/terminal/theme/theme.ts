import { utc, type Zone } from '../../../base/zone.ts';
import { asciiGlyphs, type Glyphs, unicodeGlyphs } from './glyphs.ts';
import type { Palette } from './tones.ts';

/** What the terminal can show, and the zone of the times. */
export interface Theme {
  readonly palette: Palette;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  readonly zone: Zone;
  /** The one that a key changes to: UTC, or local time. */
  readonly otherZone: Zone;
}

interface ThemeChoice {
  /** The terminal's own sixteen colours, unless a palette is given. */
  readonly color: boolean;
  readonly palette?: Palette;
  readonly ascii: boolean;
  readonly zone?: Zone;
  readonly otherZone?: Zone;
}

/** The theme of these choices. Without color every tone is plain or an attribute. */
export function themeOf({ color, palette = '16', ascii, zone = utc, otherZone = zone }: ThemeChoice): Theme {
  const glyphs = ascii ? asciiGlyphs : unicodeGlyphs;
  return { palette: color ? palette : 'none', ascii, glyphs, zone, otherZone };
}

/** The theme with its zones exchanged. */
export function inOtherZone(theme: Theme): Theme {
  return { ...theme, zone: theme.otherZone, otherZone: theme.zone };
}
