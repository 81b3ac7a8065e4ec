import type { Model } from '../../../model/model.ts';
import { type Line, span } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';
import type { AnyPane, Pane } from './pane.ts';

/** Stands in a cell whose value is unknown. */
const unknownCell = '?';

/** Declares a pane with a typed row; none of its functions throws. */
export const pane = <Row>(declared: Pane<Row>): AnyPane => guarded(declared) as unknown as AnyPane;

/**
 * The same pane, except that nothing throws: an error is shown in place of the output, and the rest of the screen stays. An
 * exception while drawing would end the program on the node that needs it.
 */
export function guarded<Row>(declared: Pane<Row>): Pane<Row> {
  const { notes, below, zoomed, folded, containerOf, daemonOf, copyOf } = declared;
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
  return {
    ...declared,
    rows,
    key: (row) => attempt(() => declared.key(row), unknown),
    columns: declared.columns.map(guardedColumn),
    notes: (model, theme, width, verdicts) => {
      rows(model);
      const fault = faults.get(model);
      return [
        ...(fault === undefined ? [] : [faultLine(fault)]),
        ...attempt(() => notes?.(model, theme, width, verdicts) ?? [], faultLines),
      ];
    },
    ...(below === undefined
      ? {}
      : { below: (model, theme, width) => attempt(() => below(model, theme, width), faultLines) }),
    ...(zoomed === undefined ? {} : { zoomed: (row, input) => attempt(() => zoomed(row, input), faultLines) }),
    summary: ofModel((model) => attempt(() => declared.summary(model), faultLine)),
    ...(folded === undefined ? {} : { folded: ofModel((model) => attempt(() => folded(model), faultLine)) }),
    empty: (model) => (faults.has(model) ? 'nothing to show' : attempt(() => declared.empty(model), unknown)),
    ...(containerOf === undefined ? {} : { containerOf: (row) => attempt(() => containerOf(row), none) }),
    ...(daemonOf === undefined ? {} : { daemonOf: (row) => attempt(() => daemonOf(row), none) }),
    ...(copyOf === undefined ? {} : { copyOf: (row, model) => attempt(() => copyOf(row, model), none) }),
    details: (row, theme, model) => attempt(() => declared.details(row, theme, model), faultLines),
  };
}

/** Made once for a model, however often a frame asks: the layout does, and then the pane. */
function ofModel<T>(make: (model: Model) => T): (model: Model) => T {
  const made = new WeakMap<Model, { readonly value: T }>();
  return (model) => {
    const known = made.get(model);
    if (known !== undefined) return known.value;
    const value = make(model);
    made.set(model, { value });
    return value;
  };
}

function guardedColumn<Row>(column: Column<Row>): Column<Row> {
  const { text, tone, by } = column;
  return {
    ...column,
    text: (row, width, theme) => attempt(() => text(row, width, theme), unknown),
    ...(tone === undefined
      ? {}
      : {
          tone: (row) =>
            attempt(
              () => tone(row),
              () => 'plain' as const,
            ),
        }),
    ...(by === undefined
      ? {}
      : {
          by: (row) =>
            attempt(
              () => by(row),
              () => 0,
            ),
        }),
  };
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
