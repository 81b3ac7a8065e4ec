import type { TerminalEvent } from './terminal-input.ts';

/** What a screen gets of its terminal. */
export interface TerminalProps {
  /** Writes a control sequence to the terminal. */
  readonly write: (sequence: string) => void;
  /** Calls back for mouse reports and function keys, which Ink does not name. */
  readonly onTerminalEvent?: (listener: (event: TerminalEvent) => void) => () => void;
  /** Another program uses the terminal meanwhile, once Ink has given it up. */
  readonly giveAway?: <T>(use: () => Promise<T>) => Promise<T>;
}
