import { formatBytes } from '../../base/bytes.ts';
import type { Finding } from '../../rules/engine/rule.ts';
import { clean } from '../text.ts';
import { chosenCommandOf, findingOf } from './pages/finding.ts';
import type { AnyPane } from './panes/pane.ts';
import { paneOf } from './panes/panes.ts';
import { focusedOf, rowOf, type Shown } from './selection.ts';
import type { ViewState } from './state.ts';

/** What `y` copies of what is looked at. */
type Copied =
  | { readonly status: 'ok'; readonly text: string }
  /** Why there is nothing to copy. */
  | { readonly status: 'nothing'; readonly because: string };

/** A terminal takes this much with ease; ids, paths and commands are far shorter. */
const maxBytes = 8192;

/** The id, the path or the suggested command of the open page, or of what is chosen in the focus: exactly, or not at all. */
export function copiedOf(shown: Shown, state: ViewState): Copied {
  const text = textOf(shown, state);
  if (text.status === 'nothing') return text;
  // What is not printable could do something when it is pasted, and with a · in its place it would be another name.
  if (clean(text.text) !== text.text) return nothing('a name in it holds what cannot be printed (· on the screen)');
  if (text.text.includes('\ufffd')) return nothing('a name in it is not valid UTF-8, and so not known exactly');
  const bytes = new TextEncoder().encode(text.text).length;
  return bytes <= maxBytes ? text : nothing(`it is longer than ${formatBytes(maxBytes)}`);
}

function textOf(shown: Shown, state: ViewState): Copied {
  const { overlay } = state;
  switch (overlay?.kind) {
    case undefined: {
      const { pane, row, finding } = focusedOf(shown, state);
      return finding === null ? ofRow(shown, pane, row) : ofFinding(finding, 0);
    }
    case 'finding': {
      const finding = findingOf(shown.verdicts, overlay.key);
      return finding === null ? nothing('the finding is gone') : ofFinding(finding, overlay.chosenCommand);
    }
    case 'details':
      return ofRow(shown, paneOf(overlay.pane), rowOf(shown.model, overlay));
    case 'inspect':
      return { status: 'ok', text: overlay.containerId };
    case 'log':
      return overlay.containerId === null
        ? nothing('these lines are about no container')
        : { status: 'ok', text: overlay.containerId };
    default:
      return nothing('nothing on this page has an id, a path or a command');
  }
}

function ofFinding(finding: Finding, chosenCommand: number): Copied {
  const command = chosenCommandOf(finding, chosenCommand);
  return command === null ? nothing('no command is suggested for this finding') : { status: 'ok', text: command };
}

function ofRow({ model }: Shown, pane: AnyPane, row: unknown): Copied {
  if (row === null) return nothing('no row is chosen');
  const text = pane.copyOf?.(row, model) ?? null;
  return text === null ? nothing('this row has no id, path or command') : { status: 'ok', text };
}

function nothing(because: string): Copied {
  return { status: 'nothing', because };
}
