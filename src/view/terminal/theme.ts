import { utc, type Zone } from '../../base/zone.ts';
import { asciiGlyphs, type Glyphs, unicodeGlyphs } from './glyphs.ts';

/** What the terminal can show, and the zone of the times. */
export interface Theme {
  readonly color: boolean;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  readonly zone: Zone;
}

export function themeOf({ color, ascii, zone = utc }: { color: boolean; ascii: boolean; zone?: Zone }): Theme {
  return { color, ascii, glyphs: ascii ? asciiGlyphs : unicodeGlyphs, zone };
}
