import { compare } from '../../../base/compare.ts';
import type { Model } from '../../../model/model.ts';
import type { AnyPane } from '../panes/pane.ts';
import type { Theme } from '../theme/theme.ts';
import type { PaneState } from './state.ts';

/** The rows of a pane, filtered and sorted, with their parents if the reader wants the tree. Null until its source has given a value. */
export function rowsOf(
  pane: AnyPane,
  model: Model,
  { filter, sortBy, reversed, tree }: PaneState,
  theme: Theme,
): readonly unknown[] | null {
  const kept = pane.kept(model, filter, theme)?.rows ?? null;
  if (kept === null) return null;
  const by = pane.columns.find(({ id }) => id === sortBy)?.by;
  const sorted = by === undefined ? kept : kept.toSorted((a, b) => compare(by(a), by(b)));
  const ordered = reversed ? sorted.toReversed() : sorted;
  return tree ? (pane.tree?.(ordered, model, theme) ?? ordered) : ordered;
}
