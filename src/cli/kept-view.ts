import fs from 'node:fs';
import path from 'node:path';
import type { KeptView } from '../app/save-view.ts';
import { paneIds } from '../view/terminal/panes/panes.ts';
import { knownPanes, parseSavedView, type SavedView } from '../view/terminal/saved-view.ts';
import { clean } from '../view/text.ts';
import { defaultDumpDir } from './dump-dir.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import type { ScreenOptions } from './options.ts';
import { selfCommand } from './self.ts';

/**
 * How the screen begins, and where `W` keeps it: a file of its own in the state directory, so that the settings, which people
 * write, are never rewritten. `--panes` is stronger than what was kept.
 *
 * @throws ReportedError for a pane that does not exist
 */
export function keptView({ panes }: ScreenOptions, env: NodeJS.ProcessEnv): KeptView {
  const file = path.join(defaultDumpDir(env), 'view.json');
  const saved = readView(file);
  const view = panes === undefined ? saved : { sort: {}, tree: false, ...saved, panes: namedPanes(panes) };
  return { view, file, command: [...selfCommand(), 'new-file', '--replace'] };
}

function namedPanes(names: readonly string[]): SavedView['panes'] {
  const unknown = names.find((name) => !paneIds.some((id) => id === name));
  if (unknown !== undefined) {
    const known = paneIds.join(', ');
    throw new ReportedError(`--panes ${clean(unknown)}: no such pane; the panes are ${known}`, exitCodes.badUsage);
  }
  return knownPanes(names);
}

/** Null without a usable file: the screen begins as if nothing was kept. */
function readView(file: string): SavedView | null {
  try {
    return parseSavedView(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
