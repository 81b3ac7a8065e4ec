import type { PaneId } from '../panes/panes.ts';

/** A part of the screen between the header and the time line. */
export type Block = PaneId | 'findings' | 'cause' | 'charts' | 'row' | 'log' | 'page';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The rows of content that a pane would fill. */
export interface PaneWant {
  /** Its table with the heading, and its notes; 0 for a pane that a digest says all of. */
  readonly rows: number;
  /** The table alone. */
  readonly table: number;
  /** What it shows below, given room. */
  readonly below: number;
  /** Which panes open first: the one in focus, those in which something is wrong, the others. */
  readonly attention: 'focus' | 'urgent' | 'calm';
}

export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Rows below the panes: the time line and the keys. */
  readonly below: number;
  /** Rows that the findings would fill, a line for each; 0 when nothing is found. */
  readonly findings: number;
  /** The same in that width, with no title cut. */
  readonly wholeFindings: (width: number) => number;
  /** The panes, in their order. */
  readonly panes: readonly PaneId[];
  /** The only pane shown; null for all. */
  readonly zoomed: PaneId | null;
  /** A page over the panes: beside the findings, or with all rows. */
  readonly page: 'none' | 'open' | 'whole';
  /** Rows of the opened finding in that width, with no more than the way out and with everything; null without one. */
  readonly cause: (width: number, titled: boolean) => { readonly least: number; readonly all: number } | null;
  /** Rows of the whole title of the opened finding, in findings of that width; 0 without one. */
  readonly titleRows: (size: Pick<Size, 'width'> & { readonly bare: boolean }) => number;
  /** Whether findings of that size have the whole title of the opened one. */
  readonly showsTitle: (size: Size & { readonly bare: boolean }) => boolean;
  readonly pane: (id: PaneId, width: number) => PaneWant;
  /** Rows of all that is known of the selected row; 0 if none is selected. */
  readonly row: (width: number) => number;
  /** Log lines that matched a known pattern are there. */
  readonly log: boolean;
  /** There is a history to draw. */
  readonly charts: boolean;
}
