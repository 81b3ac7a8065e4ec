import { frameHtml } from './html.ts';
import { styledRuns } from './styled-runs.ts';
import { frameSvg } from './svg.ts';

export type FrameFormat = 'txt' | 'ansi' | 'svg' | 'html';

/** A drawn frame, with SGR sequences, in a form for a file. `columns` are those of the terminal that it was drawn for. */
export function printFrame(frame: string, format: FrameFormat, columns: number): string {
  switch (format) {
    case 'ansi':
      return `${frame}\n`;
    case 'svg':
      return frameSvg(frame, columns);
    case 'html':
      return frameHtml(frame, 'rtwatch');
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
