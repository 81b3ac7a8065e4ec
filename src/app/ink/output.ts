// Stands in for ink/build/output.js, which takes every row of every frame apart into cells.
import InkOutput from '../../../node_modules/ink/build/output.js';
import { frameLines } from './frame-line.ts';

type WriteOptions = Parameters<InkOutput['write']>[3];
type Write = { readonly y: number; readonly text: string } & WriteOptions;

/** Draws a frame whose rows are one line each, from the left edge, line by line; any other frame as Ink does it. */
export default class Output extends InkOutput {
  readonly #writes: Write[] = [];
  #isPlain = true;

  override write(x: number, y: number, text: string, options: WriteOptions): void {
    super.write(x, y, text, options);
    if (text === '') return;
    if (x === 0) this.#writes.push({ y, text, ...options });
    else this.#isPlain = false;
  }

  override clip(clip: Parameters<InkOutput['clip']>[0]): void {
    super.clip(clip);
    this.#isPlain = false;
  }

  override get(): { output: string; height: number } {
    const lines = this.#isPlain ? this.#lines() : null;
    return lines === null ? super.get() : { output: lines.join('\n'), height: lines.length };
  }

  /** The rows; null when a row is not one line alone. */
  #lines(): string[] | null {
    const { width, height } = this;
    const drawn: (string | undefined)[] = [];
    for (let y = 0; y < height; y++) drawn.push(undefined);
    for (const { y, text, transformers } of this.#writes) {
      let at = y;
      for (const line of frameLines(text)) {
        const row = line.rowIn(width);
        if (row === null || drawn[at] !== undefined) return null;
        if (transformers.some((transform) => transform(row.styled, at - y) !== row.styled)) return null;
        if (at in drawn) drawn[at] = row.drawn;
        at++;
      }
    }
    return drawn.map((line) => line ?? '');
  }
}
