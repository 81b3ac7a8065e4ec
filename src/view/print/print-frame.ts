import type { FrameFormat } from '../frame-formats.ts';
import type { Palette } from '../terminal/theme/tones.ts';
import { frameHtml } from './html.ts';
import { paperOf } from './palette.ts';
import { styledRuns } from './styled-runs.ts';
import { frameSvg } from './svg.ts';

/**
 * A drawn frame, with SGR sequences, in a form for a file.
 *
 * @param columns of the terminal that it was drawn for
 * @param palette that it was drawn with
 */
export function printFrame(frame: string, format: FrameFormat, columns: number, palette: Palette): string {
  switch (format) {
    case 'ansi':
      return `${frame}\n`;
    case 'svg':
      return frameSvg(frame, columns, paperOf(palette));
    case 'html':
      return frameHtml(frame, 'rtwatch', paperOf(palette));
    case 'txt':
      return `${styledRuns(frame)
        .map((runs) =>
          runs
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
        )
        .join('\n')}\n`;
  }
}
