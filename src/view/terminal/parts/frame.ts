import { clean, widthOf } from '../../text.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { fitLine, type Line, lineWidth, span } from './line.ts';

/** A line of a frame, and whether it is selected. */
export interface FrameLine {
  readonly line: Line;
  /** `unfocused`: the selection of a pane that has not the focus. */
  readonly selected?: boolean | 'unfocused';
  /** The same in fewer columns: beside the count of what is hidden. Without it the line is cut. */
  readonly narrower?: (width: number) => Line;
  /** What a click on the line selects: the key of a row or of a finding. */
  readonly key?: string;
  /** The columns of a heading, from its left: a click sorts by one. */
  readonly columns?: readonly { readonly id: string; readonly width: number }[];
}

export interface FrameInput {
  readonly title: string;
  /** At the right end of the title line. */
  readonly summary?: Line;
  readonly lines: readonly FrameLine[];
  readonly width: number;
  /** With borders. A frame of one line is its title. */
  readonly height: number;
  readonly focused?: boolean;
  /** A title line without sides and bottom: for low screens. */
  readonly bare?: boolean;
  /** Rows of the content that are not shown. */
  readonly hidden?: number;
  readonly theme: Theme;
}

/** Columns of the sides. */
export const frameSides = 4;
const bareSides = 1;
/** A summary that is cut to fewer columns says nothing. */
const leastSummary = 12;

/** Columns between the text and the sides of a frame. */
export const sidesOf = (bare: boolean): number => (bare ? bareSides : frameSides);
/** Rows of a frame that are not content. */
export const frameRows = (bare: boolean): number => (bare ? 1 : 2);

/** The rows of a box with a title in its border, filled to its height. */
export function frameOf(input: FrameInput): Line[] {
  const { lines, width, height, bare = false, hidden = 0, theme, focused = false } = input;
  const { vertical, horizontal, bottomLeft, bottomRight } = theme.glyphs;
  const edge: Tone = focused ? 'title' : 'dim';
  const inner = Math.max(0, width - sidesOf(bare));
  const room = Math.max(0, height - frameRows(bare));
  const more = hidden > 0 ? moreText(hidden, theme) : '';
  const rows: Line[] = [titleLine(input, edge)];
  for (let index = 0; index < room; index++) {
    const { line, selected = false, narrower } = lines[index] ?? { line: [] };
    const pointer = span(selected === false ? ' ' : theme.glyphs.pointer, selected === true ? 'title' : 'dim');
    if (bare) {
      const isMarked = more !== '' && index === room - 1;
      const beside = inner - widthOf(more) - 1;
      const text = isMarked
        ? [...fitLine(narrower?.(beside) ?? withoutEnd(line), beside), span(` ${more}`, 'dim')]
        : line;
      rows.push([pointer, ...fitLine(text, inner)]);
    } else {
      const text = fitLine(line, inner);
      rows.push([
        span(vertical, edge),
        pointer,
        ...(selected === true ? embolden(text) : text),
        span(' '),
        span(vertical, edge),
      ]);
    }
  }
  if (!bare && height >= 2) {
    const end = more === '' ? '' : ` ${more} ${horizontal}`;
    const fill = horizontal.repeat(Math.max(0, width - 2 - widthOf(end)));
    rows.push(fitLine([span(`${bottomLeft}${fill}${end}${bottomRight}`, edge)], width));
  }
  return rows.slice(0, Math.max(0, height));
}

/** Without the blanks at its end: where only they have no room, nothing is cut. */
function withoutEnd(line: Line): Line {
  const last = line.at(-1);
  if (last === undefined) return line;
  const text = last.text.trimEnd();
  return text === '' ? withoutEnd(line.slice(0, -1)) : [...line.slice(0, -1), { ...last, text }];
}

/** `▼ 3 more` */
function moreText(hidden: number, { glyphs }: Theme): string {
  return `${glyphs.below} ${hidden} more`;
}

/** The selected row is bold too: colour may be off. */
function embolden(line: Line): Line {
  return line.map(({ text, tone = 'plain' }) => ({ text, tone: tone === 'plain' ? 'strong' : tone }));
}

/** `╭ 2 Containers ───────── 2 stuck of 54 ──╮`; on one line alone the summary follows the title: `─ 4 Mounts  no leaks ───`. */
function titleLine({ title, summary = [], width, height, bare = false, theme }: FrameInput, edge: Tone): Line {
  const { horizontal, topLeft, topRight } = theme.glyphs;
  const isFolded = height < 2;
  const [left, right] = bare || isFolded ? [horizontal, horizontal] : [topLeft, topRight];
  const titleWidth = widthOf(clean(title));
  if (isFolded && summary.length > 0) {
    const room = Math.max(0, width - titleWidth - 6);
    const shown = lineWidth(summary) > room ? fitLine(summary, room) : summary;
    const start: Line = [span(left, edge), span(` ${title}  `, 'title'), ...shown, span(' ')];
    return fitLine([...start, span(horizontal.repeat(Math.max(0, width - lineWidth(start))), edge)], width);
  }
  const room = width - titleWidth - 8;
  // A filter comes first, and is the last to give way: without it hidden rows look like none.
  const shown = lineWidth(summary) <= room ? summary : room < leastSummary ? [] : fitLine(summary, room);
  const tail: Line = shown.length > 0 ? [span(' '), ...shown, span(' '), span(horizontal, edge)] : [];
  const used = 1 + 1 + titleWidth + 1 + lineWidth(tail) + 1;
  return fitLine(
    [
      span(left, edge),
      span(` ${title} `, 'title'),
      span(horizontal.repeat(Math.max(0, width - used)), edge),
      ...tail,
      span(right, edge),
    ],
    width,
  );
}
