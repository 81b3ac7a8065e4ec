import { Box } from 'ink';
import type { ReactNode } from 'react';
import { clean, widthOf } from '../../text.ts';
import type { Theme } from '../theme.ts';
import type { Tone } from '../tones.ts';
import { fitLine, type Line, LineRow, lineWidth, span } from './line.tsx';

/** A line of a frame, and whether it is selected. */
export interface FrameLine {
  readonly line: Line;
  readonly selected?: boolean;
}

interface FrameProps {
  readonly title: string;
  /** At the right end of the title line. */
  readonly summary?: Line;
  readonly lines: readonly FrameLine[];
  readonly width: number;
  /** With borders. */
  readonly height: number;
  readonly focused?: boolean;
  /** A title line without sides and bottom: for low screens. */
  readonly bare?: boolean;
  readonly theme: Theme;
}

/** Columns of the sides. */
export const frameSides = 4;
export const bareSides = 1;

/** A box with a title in its border, filled to its height. */
export function Frame(props: FrameProps): ReactNode {
  const { lines, width, height, bare = false, theme, focused = false } = props;
  const { vertical, horizontal, bottomLeft, bottomRight } = theme.glyphs;
  const edge: Tone = focused ? 'title' : 'dim';
  const inner = Math.max(0, width - (bare ? bareSides : frameSides));
  const room = Math.max(0, height - (bare ? 1 : 2));
  const body = Array.from({ length: room }, (_, index) => lines[index] ?? { line: [] });
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      <LineRow line={titleLine(props, edge)} theme={theme} />
      {body.map(({ line, selected = false }, index) => (
        <LineRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
          key={index}
          theme={theme}
          line={
            bare
              ? [span(selected ? theme.glyphs.pointer : ' ', 'title'), ...fitLine(line, inner)]
              : [
                  span(vertical, edge),
                  span(selected ? theme.glyphs.pointer : ' ', 'title'),
                  ...(selected ? embolden(fitLine(line, inner)) : fitLine(line, inner)),
                  span(' '),
                  span(vertical, edge),
                ]
          }
        />
      ))}
      {bare || height < 2 ? null : (
        <LineRow
          line={[span(bottomLeft + horizontal.repeat(Math.max(0, width - 2)) + bottomRight, edge)]}
          theme={theme}
        />
      )}
    </Box>
  );
}

/** The selected row is bold too: colour may be off. */
function embolden(line: Line): Line {
  return line.map(({ text, tone = 'plain' }) => ({ text, tone: tone === 'plain' ? 'strong' : tone }));
}

/** `╭ 2 Containers ───────── 2 stuck of 54 ──╮` */
function titleLine({ title, summary = [], width, bare = false, theme }: FrameProps, edge: Tone): Line {
  const { horizontal, topLeft, topRight } = theme.glyphs;
  const [left, right] = bare ? [horizontal, horizontal] : [topLeft, topRight];
  const titleWidth = widthOf(clean(title));
  const withSummary = summary.length > 0 && titleWidth + lineWidth(summary) + 8 <= width;
  const tail: Line = withSummary ? [span(' '), ...summary, span(' '), span(horizontal, edge)] : [];
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
