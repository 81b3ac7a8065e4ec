import { clean, fitText, widthOf, wrapText } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Shown } from '../state/selection.ts';
import type { PageContent } from './page-layout.ts';
import { entriesFor } from './palette-entries.ts';
import type { PaletteEntry, PalettePage } from './palette-page.ts';

const keyWidth = 7;
/** The pointer, and a blank before the key. */
const besideName = 3;

/** The line that is typed, and what it finds. */
export function paletteContent(shown: Shown, page: PalettePage, width: number): PageContent {
  const { entries, nothing } = entriesFor(shown, page.text, page.candidates);
  const chosen = indexOf(page, entries.length);
  const nameWidth = nameWidthOf(entries, width);
  return {
    title: 'Commands and places',
    head: [[span(':', 'key'), span(`${clean(page.text)}_`, 'strong')]],
    lines:
      entries.length === 0
        ? wrapText(nothing, width - 2).map((line): Line => [span(`  ${line}`, 'warning')])
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

/** What the longest name needs, as far as keys and descriptions leave it: those of places are a word. */
function nameWidthOf(entries: readonly PaletteEntry[], width: number): number {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => widthOf(clean(text))));
  const details = Math.min(Math.floor(width * 0.4), widest(entries.map(({ detail }) => detail)));
  return Math.max(
    leastName,
    Math.min(widest(entries.map(({ name }) => name)), width - besideName - keyWidth - details),
  );
}

const leastName = 12;

/** What Enter runs; null when nothing matches. */
export function chosenEntry(shown: Shown, page: PalettePage): PaletteEntry | null {
  const { entries } = entriesFor(shown, page.text, page.candidates);
  return entries[indexOf(page, entries.length)] ?? null;
}

const indexOf = ({ chosen }: PalettePage, count: number): number =>
  count === 0 ? 0 : ((chosen % count) + count) % count;
