import type { PaneId } from '../panes/panes.ts';
import { frameRows } from '../parts/frame.ts';
import type { Ask } from './fit-stack.ts';
import type { Block, LayoutInput } from './input.ts';

/** Rows of a table that opens: the digest of a calm pane says more than a few of its rows. */
const openTable = 5;

/** What a layout is made from. */
export interface Plan {
  readonly input: LayoutInput;
  readonly bare: boolean;
  /** Rows between the header and the time line. */
  readonly room: number;
  readonly joinsCause: boolean;
}

const ranks = { findings: 0, cause: 1, focus: 2, urgent: 3, calm: 4 } as const;

/** What the findings ask for: a line for each up to `most`, and `title` rows for the one that is opened. */
export function findingsAsk({ input, bare }: Plan, width: number, most: number, title = 1): Ask<Block> {
  const lines = Math.min(input.findings, Math.max(1, most));
  if (lines === 0) return { key: 'findings', folded: 1, least: 1, wanted: 1, ideal: 1, rank: ranks.findings };
  const height = lines + title - 1 + frameRows(bare);
  const folded = Math.min(height, title + frameRows(bare));
  return {
    key: 'findings',
    folded,
    least: Math.min(height, folded + 1),
    wanted: height,
    // Titles that were cut are whole where rows are left.
    ideal: Math.max(height, Math.min(input.wholeFindings(width), most * 2) + frameRows(bare)),
    rank: ranks.findings,
  };
}

/** What the opened finding asks for, up to that share of the room; in a column with its title, without the title's other rows. */
export function causeAsk(
  { input, bare, room, joinsCause }: Plan,
  width: number,
  { share, titled, title = 1 }: { readonly share: number; readonly titled: boolean; readonly title?: number },
): Ask<Block>[] {
  const cause = input.cause(width, titled);
  // So few rows name the findings and nothing else.
  if (cause === null || room < 6) return [];
  const frame = joinsCause ? 0 : frameRows(bare);
  const most = Math.floor(room * share) - (title - 1);
  const all = cause.all + frame;
  const least = Math.min(cause.least + frame, Math.max(2 + frame, most));
  return [
    {
      key: 'cause',
      folded: Math.min(least, 2 + frame),
      least,
      wanted: Math.max(least, Math.min(all, Math.floor(most * 1.25))),
      ideal: all,
      rank: ranks.cause,
    },
  ];
}

/** What a pane asks for in that width. */
export function paneAsk({ input, bare }: Plan, id: PaneId, width: number): Ask<Block> {
  const { rows, table, below, attention } = input.pane(id, width);
  const frame = frameRows(bare);
  const rank = ranks[attention];
  if (rows === 0) return { key: id, folded: 1, least: 1, wanted: 1, ideal: 1, rank };
  return {
    key: id,
    folded: 1,
    least: Math.min(table, attention === 'calm' ? openTable : 3) + frame,
    wanted: rows + frame,
    ideal: rows + below + frame,
    rank,
  };
}
