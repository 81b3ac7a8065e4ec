import { asciiGlyphs, type Glyphs, unicodeGlyphs } from './glyphs.ts';

/** What the terminal can show. */
export interface Look {
  readonly color: boolean;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
}

export function lookOf({ color, ascii }: { color: boolean; ascii: boolean }): Look {
  return { color, ascii, glyphs: ascii ? asciiGlyphs : unicodeGlyphs };
}
