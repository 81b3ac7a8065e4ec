import type { Prepared } from 'fuzzysort';
import type { Model } from '../../../model/model.ts';
import type { PaneId } from '../panes/panes.ts';
import type { Target } from '../parts/line.ts';

/** The command palette: what the reader types, and what of that is selected. */
export interface PalettePage {
  readonly text: string;
  /** Any integer, taken modulo the number of entries. */
  readonly chosen: number;
  readonly candidates: Candidates;
}

/** A line of the command palette, and what Enter does there. */
export interface PaletteEntry {
  readonly name: string;
  /** The key that does the same; empty without one. */
  readonly shown: string;
  readonly detail: string;
  readonly run: /** Presses the key: what it asks first, it asks here too. */
    | { readonly kind: 'key'; readonly key: string }
    | { readonly kind: 'jump'; readonly target: Target }
    /** Focuses a pane, and filters it; null for the filter that it has. */
    | { readonly kind: 'pane'; readonly pane: PaneId; readonly filter: string | null };
}

/** An entry made ready to be searched. fuzzysort keeps every text that it prepares itself, without limit. */
export interface Candidate {
  readonly entry: PaletteEntry;
  readonly name: Prepared;
  readonly detail: Prepared;
}

/** What can be found, made once for a model: a cache that belongs to the open palette. */
export type Candidates = WeakMap<Model, readonly Candidate[]>;
