import path from 'node:path';
import type { FrameFormat } from '../../view/frame-formats.ts';
import { printFrame } from '../../view/print/print-frame.ts';
import type { ScreenProps } from '../../view/terminal/layout/arrangement.ts';
import { drawScreen } from '../draw-frame.tsx';
import { writeFile } from './write-file.ts';

/** How printed screens get into files. */
export interface PrintTarget {
  /** Created if missing. */
  readonly folder: string;
  /** Starts the program that writes its standard input to a new file, whose path is added. */
  readonly command: readonly string[];
  /** The format that is selected at first. */
  readonly format?: FrameFormat;
}

/**
 * Writes the screen to a new file.
 *
 * @returns the path of the file; rejects with the reason
 */
export async function printScreen(
  screen: ScreenProps,
  format: FrameFormat,
  { folder, command }: PrintTarget,
): Promise<string> {
  const file = path.join(folder, `rtwatch-screen-${fileTime(screen.model.at)}.${format}`);
  await writeFile(command, file, printFrame(drawScreen(screen), format, screen.size.columns, screen.theme.palette));
  return file;
}

/** `2026-11-29T16-44-34-123Z`: no colon, which some filesystems and programs reject in a name. */
export function fileTime(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}
