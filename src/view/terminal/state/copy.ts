import { formatBytes } from '../../../base/bytes.ts';
import type { Finding } from '../../../rules/engine/rule.ts';
import { clean } from '../../text.ts';
import { choiceAt, choicesOf } from '../pages/choices.ts';
import { contentOf } from '../pages/contents.ts';
import { commandOf, findingOf } from '../pages/finding.ts';
import type { AnyPane } from '../panes/pane.ts';
import { paneOf } from '../panes/panes.ts';
import type { Target } from '../parts/line.ts';
import { pageOf } from './jump.ts';
import { focusedOf, rowOf, type Shown } from './selection.ts';
import type { ViewState } from './state.ts';

/** What `y` copies. */
type Copied =
  | { readonly status: 'ok'; readonly text: string }
  /** Why there is nothing to copy. */
  | { readonly status: 'nothing'; readonly because: string };

/** Columns: the choices of a page are the same at every width. */
const anyWidth = 80;
/** Every terminal accepts this much over OSC 52; ids, paths and commands are far shorter. */
const maxBytes = 8192;

/** The id, path or command of the open page, or of the selection in focus: exactly, or not at all. */
export function copiedOf(shown: Shown, state: ViewState): Copied {
  const text = textOf(shown, state);
  if (text.status === 'nothing') return text;
  // Unprintable characters could act when pasted; with a · in their place it would be another name.
  if (clean(text.text) !== text.text) return nothing('it contains unprintable characters (· on the screen)');
  if (text.text.includes('\ufffd')) return nothing('it contains a name that is not valid UTF-8');
  const bytes = new TextEncoder().encode(text.text).length;
  return bytes <= maxBytes ? text : nothing(`it is longer than ${formatBytes(maxBytes)}`);
}

function textOf(shown: Shown, state: ViewState): Copied {
  const { page } = state;
  switch (page?.kind) {
    case undefined: {
      const { pane, row, finding } = focusedOf(shown, state);
      return finding === null ? ofRow(shown, pane, row) : ofFinding(finding);
    }
    case 'finding': {
      const finding = findingOf(shown.verdicts, page.key);
      if (finding === null) return nothing('the finding is gone');
      const { lines } = contentOf(shown, page, anyWidth);
      return ofTarget(shown, choiceAt(choicesOf(lines), page.chosen)?.target ?? null, finding);
    }
    case 'details':
      return ofRow(shown, paneOf(page.pane), rowOf(shown, page));
    case 'inspect':
      return { status: 'ok', text: page.containerId };
    case 'log':
      return page.containerId === null
        ? nothing('these lines are not about a container')
        : { status: 'ok', text: page.containerId };
    default:
      return nothing('this page has no id, path or command');
  }
}

/** A selected command, or the id or path of a selected link. */
function ofTarget(shown: Shown, target: Target | null, finding: Finding): Copied {
  if (target?.to === 'command') return { status: 'ok', text: target.text };
  if (target?.to !== 'row') return ofFinding(finding);
  const page = pageOf(target);
  return page?.kind === 'details' ? ofRow(shown, paneOf(page.pane), rowOf(shown, page)) : nothing('it is gone');
}

function ofFinding(finding: Finding): Copied {
  const command = commandOf(finding);
  return command === null ? nothing('this finding has no command') : { status: 'ok', text: command };
}

function ofRow({ model }: Shown, pane: AnyPane, row: unknown): Copied {
  if (row === null) return nothing('no row is selected');
  const text = pane.copyOf?.(row, model) ?? null;
  return text === null ? nothing('this row has no id, path or command') : { status: 'ok', text };
}

function nothing(because: string): Copied {
  return { status: 'nothing', because };
}
