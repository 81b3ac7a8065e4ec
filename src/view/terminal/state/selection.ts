import type { Model } from '../../../model/model.ts';
import type { Finding } from '../../../rules/engine/rule.ts';
import { allFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { findingOf } from '../pages/finding.ts';
import type { AnyPane } from '../panes/pane.ts';
import { type PaneId, paneOf } from '../panes/panes.ts';
import type { Theme } from '../theme/theme.ts';
import { filteredFindings } from './filtered-findings.ts';
import type { About } from './page.ts';
import { rowsOf } from './rows.ts';
import { chosenKey, type ViewState } from './state.ts';

/** The node as it is shown. */
export interface Shown {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly theme: Theme;
}

/** The focus behind any page: the pane, what can be selected there, and the selection. */
interface Focused {
  readonly pane: AnyPane;
  /** Of the rows of the pane, or of the findings if they have the focus. */
  readonly keys: readonly string[];
  /** The selected row; null if there is none, or the findings have the focus. */
  readonly row: unknown;
  /** The selected finding, if the findings have the focus. */
  readonly finding: Finding | null;
}

export function focusedOf({ model, verdicts, theme }: Shown, state: ViewState): Focused {
  const pane = paneOf(state.focus);
  if (state.findingsPane.focused) {
    const keys = allFindings(filteredFindings(verdicts, state).verdicts).map((finding) => finding.key);
    const key = chosenKey(state, keys);
    return { pane, keys, row: null, finding: key === null ? null : findingOf(verdicts, key) };
  }
  const rows = rowsOf(pane, model, state.panes[state.focus], theme) ?? [];
  const keys = rows.map((row) => pane.key(row));
  const key = chosenKey(state, keys);
  return { pane, keys, row: rows.find((row) => pane.key(row) === key) ?? null, finding: null };
}

/** Where the focus is: until the reader chose, on the findings if something is wrong, so that `y` copies what to do. */
export function settledFocus({ findings }: Verdicts, { findingsPane }: ViewState): boolean {
  return findingsPane.focused ?? findings.some(({ severity }) => severity !== 'info');
}

const nothingChosen: About = { containerId: null, daemon: null };

/** The subject of the open page, otherwise of the selection in focus. */
export function aboutOf(shown: Shown, state: ViewState): About {
  const { page } = state;
  switch (page?.kind) {
    case undefined: {
      const { pane, row, finding } = focusedOf(shown, state);
      return finding === null ? aboutRow(pane, row) : aboutFinding(finding);
    }
    case 'finding': {
      const finding = findingOf(shown.verdicts, page.key);
      return finding === null ? nothingChosen : aboutFinding(finding);
    }
    case 'details':
      return aboutRow(paneOf(page.pane), rowOf(shown, page));
    case 'inspect':
      return { containerId: page.containerId, daemon: null };
    case 'log':
      return { containerId: page.containerId, daemon: page.daemon };
    case 'goroutines':
    case 'heap':
      return { containerId: null, daemon: page.daemon };
    default:
      return nothingChosen;
  }
}

/** The row of a details page; null when it is gone. */
export function rowOf(
  { model, theme }: Pick<Shown, 'model' | 'theme'>,
  page: { readonly pane: PaneId; readonly key: string },
): unknown {
  const pane = paneOf(page.pane);
  const rows = pane.rows(model) ?? [];
  const isIt = (row: unknown): boolean => pane.key(row) === page.key;
  // A parent is in the tree only.
  return rows.find(isIt) ?? pane.tree?.(rows, model, theme).find(isIt) ?? null;
}

export function aboutRow(pane: AnyPane, row: unknown): About {
  if (row === null) return nothingChosen;
  return { containerId: pane.containerOf?.(row) ?? null, daemon: pane.daemonOf?.(row) ?? null };
}

function aboutFinding({ subjects }: Finding): About {
  return { containerId: subjects.containers[0] ?? null, daemon: subjects.daemons[0] ?? null };
}
