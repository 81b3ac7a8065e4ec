import { clean, fitText } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Shown } from '../selection.ts';
import type { PageContent } from './page-layout.ts';
import { entriesFor } from './palette-entries.ts';
import type { PaletteEntry, PalettePage } from './palette-page.ts';

const keyWidth = 7;
/** Columns of the names at most: a description says more than the end of a long one. */
const maxName = 60;

/** The line that is typed, and what it finds. */
export function paletteContent(shown: Shown, page: PalettePage, width: number): PageContent {
  const { entries, nothing } = entriesFor(shown, page.text, page.candidates);
  const chosen = indexOf(page, entries.length);
  const nameWidth = Math.min(maxName, Math.max(12, Math.floor(width * 0.4)));
  return {
    title: 'Commands and places',
    head: [[span(':', 'key'), span(`${clean(page.text)}_`, 'strong')]],
    lines:
      entries.length === 0
        ? [[span(`  ${nothing}`, 'warning')]]
        : entries.map(({ name, shown: key, detail }, index): Line => {
            const isChosen = index === chosen;
            return [
              span(isChosen ? `${shown.theme.glyphs.pointer} ` : '  ', 'title'),
              span(fitText(clean(name), nameWidth), isChosen ? 'strong' : 'plain'),
              span(` ${fitText(key, keyWidth)}`, 'key'),
              span(clean(detail), 'dim'),
            ];
          }),
    inSight: chosen,
  };
}

/** What Enter runs; null when nothing matches. */
export function chosenEntry(shown: Shown, page: PalettePage): PaletteEntry | null {
  const { entries } = entriesFor(shown, page.text, page.candidates);
  return entries[indexOf(page, entries.length)] ?? null;
}

const indexOf = ({ chosen }: PalettePage, count: number): number =>
  count === 0 ? 0 : ((chosen % count) + count) % count;
