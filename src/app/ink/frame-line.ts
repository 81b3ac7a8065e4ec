import InkOutput from '../../../node_modules/ink/build/output.js';
import inkWidestLine from '../../../node_modules/widest-line/index.js';
import { isNarrow } from '../../view/text.ts';
import { LineMemo } from './line-memo.ts';
import { bareText, isPlainStyled, restyled, runsText, styledRuns } from './styled-line.ts';

/** What becomes of a line that a row consists of. */
interface Row {
  /** As transformers get it. */
  readonly styled: string;
  /** As the frame shows it. */
  readonly drawn: string;
}

/** A line of a frame, with what the modules that stand in for those of Ink ask of it: each is found out once, and only when it is asked. */
class FrameLine {
  readonly text: string;
  /**
   * Its columns, where it holds whole SGR sequences and besides them only characters of one column that combine with no other; null for
   * any other line.
   */
  readonly narrowColumns: number | null;
  #columns: number | null;
  #row: { readonly width: number; readonly row: Row | null } | null = null;

  constructor(text: string) {
    const bare = bareText(text);
    this.text = text;
    this.narrowColumns = isNarrow(bare) ? bare.length : null;
    this.#columns = this.narrowColumns;
  }

  get columns(): number {
    this.#columns ??= inkWidestLine(this.text);
    return this.#columns;
  }

  /** As the only line of its row, in a frame of that width; null when other lines have a part in it. */
  rowIn(width: number): Row | null {
    // A narrow one is drawn as it is in any width: what does not fit, Ink has cut before.
    const asked = this.narrowColumns === null ? width : 0;
    if (this.#row?.width !== asked) {
      const row = this.narrowColumns === null ? wideRow(this.text, width) : narrowRow(this.text);
      this.#row = { width: asked, row };
    }
    return this.#row.row;
  }
}

const known = new LineMemo((text) => new FrameLine(text));

/** A frame's line, the same object while frames show it. */
export const frameLine = known.of;

let last: { readonly text: string; readonly lines: readonly FrameLine[] } = { text: '', lines: [frameLine('')] };

/** The lines of a text. A frame is taken apart once: the same lines pass through each of the modules that stand in for those of Ink. */
export function frameLines(text: string): readonly FrameLine[] {
  if (text !== last.text) last = { text, lines: text.split('\n').map(frameLine) };
  return last.lines;
}

function narrowRow(text: string): Row | null {
  const styled = restyled(text);
  if (styled === null) return null;
  // Ink takes the styles apart once more, and writes over blank cells. A row that it would make no other is not made again.
  const drawn = styled === text ? styled : restyled(styled);
  return drawn === null ? null : { styled, drawn: drawn.trimEnd() };
}

function wideRow(text: string, width: number): Row | null {
  if (!isPlainStyled(text)) return null;
  const runs = styledRuns(text);
  // A style that is left open goes on in the next line.
  if (runs.at(-1)?.styles.length !== 0) return null;
  const output = new InkOutput({ width, height: 1 });
  output.write(0, 0, text, { transformers: [] });
  return { styled: runsText(runs.slice(0, -1)), drawn: output.get().output };
}
