import type { Model } from '../../../model/model.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import type { SourceName } from '../../../sample/sample.ts';
import type { Kept } from '../filter.ts';
import { type Line, span } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';
import type { Theme } from '../theme/theme.ts';

/** A pane as data: its content, not its drawing. */
export interface Pane<Row> {
  readonly title: string;
  /** The source whose state the pane shows when it has no rows. */
  readonly source: SourceName;
  /** How old its rows are where they are of another source: the lists of CRI runtimes. */
  readonly listAgeMs?: (model: Model) => number | null;
  /** Where it stands where panes are on both sides of the opened finding. */
  readonly beside: 'left' | 'right';
  /** Most urgent first; null until the source has given a value. */
  readonly rows: (model: Model) => readonly Row[] | null;
  /** The same rows as a tree, with their parents; without it the pane has none. */
  readonly tree?: (rows: readonly Row[], model: Model, theme: Theme) => readonly Row[];
  /** The identity of a row: the selection follows it while rows come and go. */
  readonly key: (row: Row) => string;
  /** What the row is, in the words of a finding's subjects. */
  readonly subjects?: (row: Row) => Partial<Subjects>;
  /** The states of a row, for `state:` in a filter; without it that is a word as any other. */
  readonly states?: (row: Row) => readonly string[];
  /** The row in one or two words. */
  readonly label: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** Lines above the table. */
  readonly notes?: (model: Model, theme: Theme, width: number, verdicts: Verdicts) => readonly Line[];
  /** Lines below the notes, as many as fit: a zoomed pane or a tall screen has room. */
  readonly below?: (model: Model, theme: Theme, width: number) => readonly Line[];
  /** Lines about the selected row below the table while the pane is alone on the screen, at most `rows`. */
  readonly zoomed?: (row: Row, input: ZoomedInput) => readonly Line[];
  /** In the title line. */
  readonly summary: (model: Model) => Line;
  /** After the title while the pane is folded; the summary if not set. */
  readonly folded?: (model: Model) => Line;
  /** The text for an empty list. */
  readonly empty: (model: Model) => string;
  /** The container that a row is about. */
  readonly containerOf?: (row: Row) => string | null;
  /** The daemon that a row is about. */
  readonly daemonOf?: (row: Row) => string | null;
  /** The id, path or remedy command that `y` copies; null for none. */
  readonly copyOf?: (row: Row, model: Model) => string | null;
  /** The details page of a row. */
  readonly details: (row: Row, theme: Theme, model: Model) => readonly Line[];
}

/** What a zoomed pane draws of its selected row. */
interface ZoomedInput {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly theme: Theme;
  readonly width: number;
  readonly rows: number;
}

/** A pane that can be filtered. */
export interface FilteredPane<Row> extends Pane<Row> {
  /** The rows that a filter leaves, in their order; null until the source has given a value. */
  readonly kept: (model: Model, filter: string, theme: Theme) => Kept<Row> | null;
  /** The key of the row that is that subject; null if none is. */
  readonly find: (model: Model, kind: keyof Subjects, id: string | number) => string | null;
}

/** A pane whose row type is known only to itself. */
export type AnyPane = FilteredPane<unknown>;

/** `label   text` */
export function detail(label: string, text: string): Line {
  return [span(label.padEnd(18), 'dim'), span(text)];
}
