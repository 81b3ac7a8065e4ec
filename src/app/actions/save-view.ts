import { type SavedView, savedViewOf } from '../../view/terminal/state/saved-view.ts';
import type { ViewState } from '../../view/terminal/state/state.ts';
import { writeFile } from './write-file.ts';

/** What was kept of the view, and how to keep it anew. */
export interface KeptView {
  /** Null if nothing was kept. */
  readonly view: SavedView | null;
  /** What could not be read at the start; null when nothing. */
  readonly trouble: string | null;
  readonly file: string;
  /** Starts the program that puts its standard input in the place of the file whose path is added. */
  readonly command: readonly string[];
}

/** Keeps sort order, panes and tree for the next start; rejects with the reason. */
export async function saveView(state: ViewState, { file, command }: KeptView): Promise<void> {
  await writeFile(command, file, `${JSON.stringify(savedViewOf(state), null, 2)}\n`);
}
