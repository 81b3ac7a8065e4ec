import type { Model } from '../../../model/model.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import type { SourceName } from '../../../sample/sample.ts';
import { type Line, span } from '../parts/line.tsx';
import type { Column } from '../parts/table.ts';
import type { Look } from '../theme.ts';

/** A pane as data: what it shows, not how it is drawn. */
export interface Pane<Row> {
  readonly title: string;
  /** The source whose state the pane tells when it has nothing to show. */
  readonly source: SourceName;
  readonly room: PaneRoom;
  /** In the order of attention; null when the source never gave anything. */
  readonly rows: (model: Model) => readonly Row[] | null;
  /** The identity of a row: the choice stays with it while rows come and go. */
  readonly key: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** Lines above the table. */
  readonly notes?: (model: Model, look: Look, width: number, verdicts: Verdicts) => readonly Line[];
  /** Lines below the notes, as many as there is room for: a zoomed pane or a tall screen has some. */
  readonly below?: (model: Model, look: Look, width: number) => readonly Line[];
  /** In the title line. */
  readonly summary: (model: Model) => Line;
  /** What no rows mean. */
  readonly empty: (model: Model) => string;
  /** The container that a row is about. */
  readonly containerOf?: (row: Row) => string | null;
  /** The daemon that a row is about. */
  readonly daemonOf?: (row: Row) => string | null;
  /** What `y` copies of a row: its id, its path, or the command that would help; null for nothing. */
  readonly copyOf?: (row: Row, model: Model) => string | null;
  /** Everything about a row that has no place in a table, for `⏎`. */
  readonly details: (row: Row, look: Look, model: Model) => readonly Line[];
}

/** How much of the screen a pane asks for. */
interface PaneRoom {
  /** Lines of content without which it is left out: where panes stand in two columns, and in one. */
  readonly least: { readonly wide: number; readonly narrow: number };
  /** Its list may be long: it takes the lines that no other pane needs. */
  readonly grows: boolean;
  /** Its share of the width where another pane stands to the right of it; half when not set. */
  readonly share?: number;
}

/** A pane whose row type only the pane itself knows. */
export type AnyPane = Pane<unknown>;

/** `label   text` */
export function detail(label: string, text: string): Line {
  return [span(label.padEnd(18), 'dim'), span(text)];
}
