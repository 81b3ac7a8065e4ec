import { fileTrouble } from '../../base/file-trouble.ts';
import { codeOf } from '../../base/system-error.ts';
import type { Block } from './block-index.ts';

/** A line of a recording, and where it is. */
export interface Line {
  readonly text: string;
  /** In the unpacked file, counted from 1; null when it is not known. */
  readonly number: number | null;
  /** In its block, counted from 1. */
  readonly place: number;
  /** It ends without a newline. */
  readonly isTail: boolean;
}

/** Where something is wrong, in words: the line where that is known. */
export function placeOf(line: Line | null, block: Block): string {
  if (line === null) return `block at byte ${block.offset}`;
  return line.number === null ? `line ${line.place} of the block at byte ${block.offset}` : `line ${line.number}`;
}

/** What the file holds must not reach the screen through an error. */
export function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'this is not JSON';
  return codeOf(error) === null ? String(error instanceof Error ? error.message : error) : fileTrouble(error);
}
