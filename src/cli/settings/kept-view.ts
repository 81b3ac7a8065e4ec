import path from 'node:path';
import type { KeptView } from '../../app/actions/save-view.ts';
import { paneIds } from '../../view/terminal/panes/panes.ts';
import { knownPanes, parseSavedView, type SavedView } from '../../view/terminal/state/saved-view.ts';
import { clean } from '../../view/text.ts';
import type { ScreenOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { selfCommand } from '../process/self.ts';
import { defaultDumpDir } from './dump-dir.ts';
import { readOwnFile, UnreadFileError } from './read-own-file.ts';

/**
 * How the screen begins, and where `W` keeps it: a file of its own in the state directory, so that the settings, which people
 * write, are never rewritten. `--panes` is stronger than what was kept.
 *
 * @throws ReportedError for a pane that does not exist
 */
export async function keptView(
  { panes, unreadSettings = [] }: ScreenOptions,
  env: NodeJS.ProcessEnv,
): Promise<KeptView> {
  const file = path.join(defaultDumpDir(env), 'view.json');
  const named = panes === undefined ? null : namedPanes(panes);
  const { saved, trouble } = await readView(file);
  const view = named === null ? saved : { sort: {}, tree: false, ...saved, panes: named };
  const troubles = [...unreadSettings, ...(trouble === null ? [] : [trouble])];
  return {
    view,
    file,
    command: [...selfCommand(), 'new-file', '--replace'],
    trouble: troubles.length === 0 ? null : troubles.join(' '),
  };
}

function namedPanes(names: readonly string[]): SavedView['panes'] {
  const unknown = names.find((name) => !paneIds.some((id) => id === name));
  if (unknown !== undefined) {
    const known = paneIds.join(', ');
    throw new ReportedError(`--panes ${clean(unknown)}: no such pane; the panes are ${known}`, exitCodes.badUsage);
  }
  return knownPanes(names);
}

/** Without a usable file the screen begins as if nothing was kept. */
async function readView(file: string): Promise<{ saved: SavedView | null; trouble: string | null }> {
  try {
    const text = await readOwnFile(file);
    return { saved: text === null ? null : parseSavedView(JSON.parse(text)), trouble: null };
  } catch (error) {
    const isUnread = error instanceof UnreadFileError;
    return { saved: null, trouble: isUnread ? `${error.message}. Panes and sort order are the default.` : null };
  }
}
