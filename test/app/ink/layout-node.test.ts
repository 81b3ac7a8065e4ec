import fc from 'fast-check';
import { expect, test } from 'vitest';
import Yoga from '../../../node_modules/yoga-layout/dist/src/index.js';
import { LayoutNode } from '../../../src/app/ink/layout-node.ts';

// What stands in for yoga-layout in the bundle lays out what yoga lays out, to the cell: the screen, and the page that Ink draws of an exception.

interface Tree {
  readonly isColumn?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly padding?: number;
  readonly marginTop?: number;
  readonly isHidden?: boolean;
  /** Columns and rows of a text. */
  readonly text?: readonly [width: number, height: number];
  readonly children?: readonly Tree[];
}
/** What both have, as Ink uses it. */
interface Node {
  setWidth(width: number): void;
  setHeight(height: number): void;
  setFlexDirection(direction: number): void;
  setFlexShrink(factor: number): void;
  setPadding(edge: number, cells: number): void;
  setMargin(edge: number, cells: number): void;
  setDisplay(display: number): void;
  setMeasureFunc(measure: (width: number, mode: number) => { width: number; height: number }): void;
  insertChild(child: Node, index: number): void;
  getComputedLeft(): number;
  getComputedTop(): number;
  getComputedWidth(): number;
  getComputedHeight(): number;
}

function build(create: () => Node, tree: Tree): { node: Node; all: Node[] } {
  const { isColumn = false, width, height, padding, marginTop, isHidden, text, children = [] } = tree;
  const node = create();
  const all = [node];
  node.setFlexDirection(isColumn ? Yoga.FLEX_DIRECTION_COLUMN : Yoga.FLEX_DIRECTION_ROW);
  node.setFlexShrink(1);
  if (width !== undefined) node.setWidth(width);
  if (height !== undefined) node.setHeight(height);
  if (padding !== undefined) node.setPadding(Yoga.EDGE_ALL, padding);
  if (marginTop !== undefined) node.setMargin(Yoga.EDGE_TOP, marginTop);
  if (isHidden) node.setDisplay(Yoga.DISPLAY_NONE);
  // As Ink measures what is cut at the end of a line.
  if (text !== undefined) {
    node.setMeasureFunc((room, mode) => ({
      width: mode === Yoga.MEASURE_MODE_UNDEFINED || text[0] <= room ? text[0] : room,
      height: text[1],
    }));
  }
  for (const [index, child] of children.entries()) {
    const built = build(create, child);
    node.insertChild(built.node, index);
    all.push(...built.all);
  }
  return { node, all };
}

/** Where everything is, in a terminal of so many columns. */
function placesIn(columns: number, tree: Tree): { yoga: number[][]; ours: number[][] } {
  const root: Tree = { isColumn: true, width: columns, children: [tree] };
  const yoga = build(() => Yoga.Node.create() as unknown as Node, root);
  (yoga.node as unknown as ReturnType<typeof Yoga.Node.create>).calculateLayout(
    undefined,
    undefined,
    Yoga.DIRECTION_LTR,
  );
  const ours = build(() => LayoutNode.create() as unknown as Node, root);
  (ours.node as unknown as LayoutNode).calculateLayout();
  const [left, right] = [yoga, ours].map(({ all }) =>
    all.map((node) => [
      node.getComputedLeft(),
      node.getComputedTop(),
      node.getComputedWidth(),
      node.getComputedHeight(),
    ]),
  );
  return { yoga: left ?? [], ours: right ?? [] };
}

const cells = fc.integer({ min: 0, max: 300 });
const text = fc.record({ text: fc.tuple(cells, cells), isHidden: fc.boolean() });

test('a screen of one text is where yoga has it, in a terminal of any size', () => {
  const screen = fc.record({ isColumn: fc.constant(true), width: cells, height: cells, children: fc.tuple(text) });
  fc.assert(
    fc.property(cells, screen, (columns, tree) => {
      const { yoga, ours } = placesIn(columns, tree);
      expect(ours).toEqual(yoga);
    }),
    { numRuns: 500 },
  );
});

test('so is the page of an exception, where its lines fit', () => {
  const words = fc.record({ text: fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constant(1)) });
  const number = fc.record({ width: fc.integer({ min: 1, max: 9 }), children: fc.tuple(words) });
  const line = fc.record({ children: fc.array(fc.oneof(words, number), { minLength: 1, maxLength: 4 }) });
  const lines = fc.array(line, { maxLength: 5 });
  const block = fc.record({ isColumn: fc.constant(true), marginTop: fc.constant(1), children: lines });
  const page = fc.record({
    isColumn: fc.constant(true),
    padding: fc.constant(1),
    children: fc.array(fc.oneof(line, block), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(page, (tree) => {
      const { yoga, ours } = placesIn(140, tree);
      expect(ours).toEqual(yoga);
    }),
    { numRuns: 500 },
  );
});

test('what is taken out has no place any more, and what follows moves up', () => {
  const text = (): LayoutNode => {
    const node = LayoutNode.create();
    node.setMeasureFunc(() => ({ width: 3, height: 2 }));
    return node;
  };
  const [root, first, second] = [LayoutNode.create(), text(), text()];
  root.insertChild(first, 0);
  root.insertChild(second, 1);
  root.removeChild(first);
  root.removeChild(first);
  root.calculateLayout();
  expect(root.getChildCount()).toBe(1);
  expect([second.getComputedTop(), root.getComputedHeight()]).toEqual([0, 2]);
});
