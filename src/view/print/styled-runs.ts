import { styledCharsFromTokens, tokenize } from '@alcalzone/ansi-tokenize';
import { widthOf } from '../text.ts';

/** How a run of characters is drawn. Colours are numbers of the palette of 256; null for the terminal's own. */
interface RunStyle {
  readonly color: number | null;
  readonly background: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
}

/** Characters of one line that are drawn alike. */
export interface StyledRun extends RunStyle {
  readonly text: string;
  /** Columns that it takes. */
  readonly width: number;
  /** The column at which it begins, from 0. */
  readonly column: number;
}

const plain: RunStyle = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  inverse: false,
  underline: false,
};

/** The lines of a frame with SGR sequences (ECMA-48), each as runs of one style. */
export function styledRuns(frame: string): StyledRun[][] {
  return frame.split('\n').map((line) => {
    const runs: (RunStyle & { text: string })[] = [];
    for (const { value, styles } of styledCharsFromTokens(tokenize(line))) {
      const style = styles.reduce((style, { code }) => styleAfter(style, code), plain);
      const last = runs.at(-1);
      if (last !== undefined && isSame(last, style)) last.text += value;
      else runs.push({ ...style, text: value });
    }
    let column = 0;
    return runs.map((run) => {
      const width = widthOf(run.text);
      const placed = { ...run, width, column };
      column += width;
      return placed;
    });
  });
}

function styleAfter(style: RunStyle, sequence: string): RunStyle {
  const indexed = /^\u001b\[38;5;(\d+)m$/.exec(sequence)?.[1];
  if (indexed !== undefined) return { ...style, color: Number(indexed) };
  const code = Number(/^\u001b\[(\d+)m$/.exec(sequence)?.[1]);
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  return code >= 100 && code <= 107 ? { ...style, background: code - 92 } : style;
}

function isSame(a: RunStyle, b: RunStyle): boolean {
  return (
    a.color === b.color &&
    a.background === b.background &&
    a.bold === b.bold &&
    a.dim === b.dim &&
    a.inverse === b.inverse &&
    a.underline === b.underline
  );
}
