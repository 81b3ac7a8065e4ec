import { useRef } from 'react';
import type { MouseReport } from '../terminal/split-input.ts';

/** The second press within so long is a double click: the default of GTK and Windows is 400 to 500 ms. */
const doubleMs = 400;
/** Rows by which a notch of the wheel scrolls. */
const wheelRows = 3;

/** The code of a report (xterm's ctlseqs): low bits the button, then Shift, Meta, Ctrl, motion; 64 is the wheel. */
const buttons = { left: 0, wheelUp: 64, wheelDown: 65 } as const;
const modifiers = 4 | 8 | 16;
const motion = 32;

/** A list or a screen each has its own kind of hit. */
export interface MouseInput<Hit> {
  readonly hitAt: (column: number, row: number) => Hit | null;
  readonly click: (hit: Hit, twice: boolean) => void;
  readonly wheel: (hit: Hit, rows: number) => void;
}

/** What reports of the mouse mean. */
export function useMouse<Hit>({ hitAt, click, wheel }: MouseInput<Hit>): (report: MouseReport) => void {
  const last = useRef<{ readonly at: number; readonly place: string; readonly presses: number } | null>(null);
  return ({ code, column, row, pressed }) => {
    if (!pressed || (code & motion) !== 0) return;
    const button = code & ~modifiers;
    const hit = button === buttons.left || isWheel(button) ? hitAt(column, row) : null;
    if (hit === null) return;
    if (isWheel(button)) {
      wheel(hit, button === buttons.wheelUp ? -wheelRows : wheelRows);
      return;
    }
    const at = performance.now();
    // By what is there, not by where it was: rows move.
    const place = JSON.stringify(hit);
    const { current } = last;
    const isAgain = current !== null && current.place === place && at - current.at <= doubleMs;
    const presses = isAgain ? current.presses + 1 : 1;
    last.current = { at, place, presses };
    // The third at once falls on what the second has opened.
    if (presses <= 2) click(hit, presses === 2);
  };
}

const isWheel = (button: number): boolean => button === buttons.wheelUp || button === buttons.wheelDown;
