import type { Sample } from '../../sample/sample.ts';
import { NodeFollower } from '../../timeline/node-follower.ts';
import type { TimelineView } from '../../timeline/timeline-view.ts';
import type { FrameFormat } from '../../view/frame-formats.ts';
import { printFrame } from '../../view/print/print-frame.ts';
import type { Size } from '../../view/terminal/layout/arrangement.ts';
import { clean } from '../../view/text.ts';
import { writeNewFile } from '../children/new-file.ts';
import type { ThemeOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';
import { historyFrom } from '../recording/recorded.ts';
import { type SampleNodeOptions, sampleNode } from '../sampler/sample-node.ts';
import { chooseTheme } from '../screen/theme.ts';

export interface SnapOptions extends SampleNodeOptions, ThemeOptions {
  /** A recording to draw. */
  readonly from?: string;
  readonly view: string;
  readonly size: Size;
  readonly format?: FrameFormat;
  /** Where to write it; default: standard output. */
  readonly output?: string;
}

/** Draws one frame of the screen, for a ticket, a README or a snapshot test. */
export async function snap(options: SnapOptions): Promise<void> {
  const { size, output } = options;
  const format = options.format ?? formatOf(output);
  // Read by the colour library when it loads, and by the frame below. A file has no terminal to query.
  if (format !== 'txt') process.env['FORCE_COLOR'] = '1';
  const { drawFrame, frameViews } = await import('../../app/draw-frame.tsx');
  const view = frameViews.find((name) => name === options.view);
  if (view === undefined) {
    const names = frameViews.join(', ');
    throw new ReportedError(`--view ${clean(options.view)}: no such view; the views are ${names}`, exitCodes.badUsage);
  }
  const theme = chooseTheme(options, format === 'txt' ? process.env : { ...process.env, TERM: 'xterm' });
  const follower = new NodeFollower();
  const follow = (sample: Sample): void => follower.take(sample);
  let range: { readonly from: number; readonly to: number } | null = null;
  if (options.from === undefined) await sampleNode(options, follow);
  else {
    await historyFrom(options.from, options.at, theme.zone, {
      onSample: follow,
      onOpened: ({ from, to }) => {
        range = { from, to };
      },
    });
  }
  const { model, verdicts } = follower.judge();
  const timeline = range === null ? null : timelineAt(model.at, range, follower);
  const frame = drawFrame({ model, verdicts, timeline, view, size, theme });
  if (frame === null) throw new ReportedError(`--view ${view}: nothing was found at this moment`, exitCodes.badUsage);
  write(printFrame(frame, format, size.columns, theme.palette), output);
  await exitFlushed();
}

/** The format for the file's name; `ansi` on a terminal, otherwise plain text. */
function formatOf(output: string | undefined): FrameFormat {
  const ending = /\.(svg|html|ansi)$/.exec(output ?? '')?.[1] as FrameFormat | undefined;
  return ending ?? (output === undefined && process.stdout.isTTY ? 'ansi' : 'txt');
}

/** The place of a moment in a recording, as `snap` shows it. */
export function timelineAt(
  cursor: number,
  { from, to }: { readonly from: number; readonly to: number },
  { markers }: NodeFollower,
): TimelineView {
  return {
    kind: 'replay',
    from,
    to,
    cursor,
    markers,
    markedTo: cursor,
    status: 'paused',
    reading: false,
    speed: 1,
    caption: null,
  };
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) process.stdout.write(text);
  else writeNewFile(output, text);
}
