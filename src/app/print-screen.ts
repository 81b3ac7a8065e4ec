import path from 'node:path';
import { Child } from '../child/child.ts';
import { printFrame } from '../view/print/print-frame.ts';
import type { ScreenProps } from '../view/terminal/arrangement.ts';
import type { PrintFormat } from '../view/terminal/page.ts';
import { drawScreen } from './draw-frame.tsx';

const deadlineMs = 10_000;

/** How printed screens get into files. */
export interface PrintTarget {
  /** Created if missing. */
  readonly folder: string;
  /** Starts the program that writes its standard input to a new file, whose path is added. */
  readonly command: readonly string[];
}

/**
 * Writes the screen to a new file. A child does it, because the disk may be the one that hangs.
 *
 * @returns the path of the file; rejects with the reason
 */
export function printScreen(
  screen: ScreenProps,
  format: PrintFormat,
  { folder, command }: PrintTarget,
): Promise<string> {
  const time = new Date(screen.model.at).toISOString().replaceAll(/[:.]/g, '-');
  const file = path.join(folder, `rtwatch-screen-${time}.${format}`);
  const text = printFrame(drawScreen(screen), format, screen.size.columns, screen.theme.palette);
  return new Promise((resolve, reject) => {
    const child = new Child({
      command: [...command, file],
      hasInput: true,
      deadlineMs,
      onEnd: ({ kind, code, error, complaint }) => {
        if (code === 0) resolve(file);
        else if (kind === 'deadline') reject(new Error(`${file} was not written within 10s`));
        else reject(error ?? new Error(complaint ?? `${file} cannot be written`));
      },
    });
    child.write(text);
    child.endInput();
  });
}
