// Stands in for ink/build/output.js, which takes every row of every frame apart into cells.
import InkOutput from '../../../node_modules/ink/build/output.js';
import { LineMemo } from './line-memo.ts';
import { linesOf } from './lines-of.ts';
import { isNarrowStyled, isPlainStyled, restyled, runsText, styledRuns } from './styled-line.ts';

type WriteOptions = Parameters<InkOutput['write']>[3];
type Write = { readonly y: number; readonly text: string } & WriteOptions;

/** What becomes of a line that a row consists of. */
interface Row {
  /** As transformers get it. */
  readonly styled: string;
  /** As the frame shows it. */
  readonly drawn: string;
}

/** For one width; false for a line that is not drawn alone. */
const rowsOf = (width: number): LineMemo<Row | false> => new LineMemo((line) => rowOf(line, width));
let known = { width: -1, rows: rowsOf(-1) };

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
    if (known.width !== width) known = { width, rows: rowsOf(width) };
    const drawn: (string | undefined)[] = [];
    for (let y = 0; y < height; y++) drawn.push(undefined);
    for (const { y, text, transformers } of this.#writes) {
      for (const [index, line] of linesOf(text).entries()) {
        const row = known.rows.of(line);
        if (row === false || drawn[y + index] !== undefined) return null;
        if (transformers.some((transform) => transform(row.styled, index) !== row.styled)) return null;
        if (y + index in drawn) drawn[y + index] = row.drawn;
      }
    }
    return drawn.map((line) => line ?? '');
  }
}

function rowOf(line: string, width: number): Row | false {
  if (isNarrowStyled(line)) return narrowRow(line);
  if (!isPlainStyled(line)) return false;
  const runs = styledRuns(line);
  // A style that is left open goes on in the next line.
  if (runs.at(-1)?.styles.length !== 0) return false;
  const styled = runsText(runs.slice(0, -1));
  return { styled, drawn: drawAlone(line, width) };
}

function narrowRow(line: string): Row | false {
  const styled = restyled(line);
  if (styled === null) return false;
  // Ink takes the styles apart once more, and writes over blank cells. A row that it would make no other is not made again.
  const drawn = styled === line ? styled : restyled(styled);
  return drawn === null ? false : { styled, drawn: drawn.trimEnd() };
}

function drawAlone(line: string, width: number): string {
  const output = new InkOutput({ width, height: 1 });
  output.write(0, 0, line, { transformers: [] });
  return output.get().output;
}
