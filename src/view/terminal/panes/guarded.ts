import type { Model } from '../../../model/model.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import { type Filter, type Kept, keepMatching, readFilter } from '../filter.ts';
import { type Line, span } from '../parts/line.ts';
import { ofModel } from '../parts/of-model.ts';
import type { Column } from '../parts/table.ts';
import type { Theme } from '../theme/theme.ts';
import type { AnyPane, FilteredPane, Pane } from './pane.ts';

/** Stands in a cell whose value is unknown. */
const unknownCell = '?';

/** Declares a pane with a typed row; none of its functions throws. */
export const pane = <Row>(declared: Pane<Row>): AnyPane => guarded(declared) as unknown as AnyPane;

/**
 * The same pane, except that nothing throws: an error is shown in place of the output, and the rest of the screen stays. An
 * exception while drawing would end the program on the node that needs it.
 */
export function guarded<Row>(declared: Pane<Row>): FilteredPane<Row> {
  const { notes = () => [], tree, below, zoomed, folded, containerOf, daemonOf, copyOf } = declared;
  const faults = new WeakMap<Model, string>();
  const rows = ofModel<ReturnType<Pane<Row>['rows']>>((model) =>
    attempt(
      () => declared.rows(model),
      (fault) => {
        faults.set(model, fault);
        return [];
      },
    ),
  );
  const columns = declared.columns.map(guardedColumn);
  const key = safe(declared.key, unknown);
  const subjects = safe(declared.subjects ?? (() => ({})), () => ({}));
  const safeNotes = safe(notes, faultLines);
  const empty = safe(declared.empty, unknown);
  return {
    ...declared,
    rows,
    kept: keptOf(rows, columns, declared.states && safe(declared.states, () => [])),
    find: findOf(rows, key, subjects),
    label: safe(declared.label, unknown),
    subjects,
    key,
    columns,
    notes: (model, theme, width, verdicts) => {
      rows(model);
      const fault = faults.get(model);
      return [...(fault === undefined ? [] : [faultLine(fault)]), ...safeNotes(model, theme, width, verdicts)];
    },
    ...(tree && { tree: safe(tree, (_, all) => all) }),
    ...(below && { below: safe(below, faultLines) }),
    ...(zoomed && { zoomed: safe(zoomed, faultLines) }),
    summary: ofModel(safe(declared.summary, faultLine)),
    ...(folded && { folded: ofModel(safe(folded, faultLine)) }),
    empty: (model) => (faults.has(model) ? 'nothing to show' : empty(model)),
    ...(containerOf && { containerOf: safe(containerOf, none) }),
    ...(daemonOf && { daemonOf: safe(daemonOf, none) }),
    ...(copyOf && { copyOf: safe(copyOf, none) }),
    details: safe(declared.details, faultLines),
  };
}

/** Columns; no cell is cut, so a filter sees what a wide screen would show. */
const uncut = 500;

/** Filters once for a model and a filter, however often a frame asks; a filter is read once. */
function keptOf<Row>(
  rows: Pane<Row>['rows'],
  columns: Pane<Row>['columns'],
  statesOf: Pane<Row>['states'],
): FilteredPane<Row>['kept'] {
  let read: { readonly text: string; readonly filter: Filter } = { text: '', filter: readFilter('') };
  let last: { readonly of: readonly [Model, string, Theme]; readonly kept: Kept<Row> | null } | null = null;
  return (model, text, theme) => {
    if (last !== null && last.of[0] === model && last.of[1] === text && last.of[2] === theme) return last.kept;
    const all = rows(model);
    if (read.text !== text) read = { text, filter: readFilter(text) };
    const cellsOf = (row: Row): string[] => columns.map((column) => column.text(row, uncut, theme));
    const kept = all === null ? null : keepMatching(read.filter, all, { cellsOf, statesOf });
    last = { of: [model, text, theme], kept };
    return kept;
  };
}

/** Looks in an index that is made once for a model. The first row wins: the most urgent. */
function findOf<Row>(
  rows: Pane<Row>['rows'],
  key: Pane<Row>['key'],
  subjects: (row: Row) => Partial<Subjects>,
): FilteredPane<Row>['find'] {
  const indexOf = ofModel((model) => {
    const index = new Map<string, string>();
    for (const row of rows(model) ?? []) {
      for (const [kind, ids = []] of Object.entries(subjects(row))) {
        for (const id of ids) if (!index.has(`${kind} ${id}`)) index.set(`${kind} ${id}`, key(row));
      }
    }
    return index;
  });
  return (model, kind, id) => indexOf(model).get(`${kind} ${id}`) ?? null;
}

function guardedColumn<Row>(column: Column<Row>): Column<Row> {
  const { text, tone, by } = column;
  return {
    ...column,
    text: safe(text, unknown),
    ...(tone && { tone: safe(tone, () => 'plain') }),
    ...(by && { by: safe(by, () => 0) }),
  };
}

/** The same function, but where it throws it gives this instead. */
function safe<Given extends readonly unknown[], T>(
  produce: (...given: Given) => T,
  instead: (fault: string, ...given: Given) => T,
): (...given: Given) => T {
  return (...given) =>
    attempt(
      () => produce(...given),
      (fault) => instead(fault, ...given),
    );
}

function attempt<T>(produce: () => T, instead: (fault: string) => T): T {
  try {
    return produce();
  } catch (error) {
    return instead(`rtwatch bug: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const unknown = (): string => unknownCell;
const none = (): null => null;
const faultLine = (fault: string): Line => [span(fault, 'warning')];
const faultLines = (fault: string): Line[] => [faultLine(fault)];
