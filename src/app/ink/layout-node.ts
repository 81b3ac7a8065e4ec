// Stands in for a node of yoga-layout, whose WebAssembly takes megabytes of the process and of the runtime's file, for one text in one box.

type Measure = (width: number, widthMode: number) => { readonly width: number; readonly height: number };

const measureMode = { undefined: 0, exactly: 1, atMost: 2 } as const;
const displayNone = 1;
const edge = { left: 0, top: 1, right: 2, bottom: 3, start: 4, end: 5, horizontal: 6, vertical: 7, all: 8 } as const;
/** Of the values of `flexDirection`, those of a column. */
const lastOfColumn = 1;

/**
 * A box whose children stand under each other, or beside each other, or a text. Sizes are those of yoga where a box has a size of its own, as
 * that of the screen has: its texts are as wide as it is, and together no higher. What else Ink can ask for, it takes and does not obey:
 * of rtwatch no tree needs it, and the page that Ink draws of an exception is still readable.
 */
export class LayoutNode {
  static readonly create = (): LayoutNode => new LayoutNode();

  readonly #children: LayoutNode[] = [];
  #measure: Measure | null = null;
  #width: number | null = null;
  #height: number | null = null;
  #isColumn = true;
  #display = 0;
  readonly #padding = [0, 0, 0, 0];
  #marginTop = 0;
  #left = 0;
  #top = 0;
  #computed = { width: 0, height: 0 };

  insertChild(child: LayoutNode, index: number): void {
    this.#children.splice(index, 0, child);
  }

  removeChild(child: LayoutNode): void {
    const index = this.#children.indexOf(child);
    if (index >= 0) this.#children.splice(index, 1);
  }

  readonly getChildCount = (): number => this.#children.length;

  setMeasureFunc(measure: Measure): void {
    this.#measure = measure;
  }

  unsetMeasureFunc(): void {
    this.#measure = null;
  }

  setWidth(width: number): void {
    this.#width = width;
  }

  setHeight(height: number): void {
    this.#height = height;
  }

  setFlexDirection(direction: number): void {
    this.#isColumn = direction <= lastOfColumn;
  }

  setDisplay(display: number): void {
    this.#display = display;
  }

  readonly getDisplay = (): number => this.#display;

  setPadding(side: number, cells: number): void {
    for (const one of sidesOf(side)) this.#padding[one] = cells;
  }

  setMargin(side: number, cells: number): void {
    if (sidesOf(side).includes(edge.top)) this.#marginTop = cells;
  }

  calculateLayout(): void {
    this.#layOut(this.#width);
  }

  readonly getComputedLeft = (): number => this.#left;
  readonly getComputedTop = (): number => this.#top;
  readonly getComputedWidth = (): number => this.#computed.width;
  readonly getComputedHeight = (): number => this.#computed.height;
  readonly getComputedLayout = (): object => ({ left: this.#left, top: this.#top, ...this.#computed });
  readonly getComputedPadding = (side: number): number => this.#padding[side] ?? 0;
  readonly getComputedMargin = (): number => 0;
  readonly getComputedBorder = (): number => 0;

  /** @param width that the node is to have; null if its content decides */
  #layOut(width: number | null, atMost: number | null = width): void {
    const own = this.#width ?? width;
    if (this.#measure === null) this.#placeChildren(own, own ?? atMost);
    else {
      const mode = own !== null ? measureMode.exactly : atMost === null ? measureMode.undefined : measureMode.atMost;
      const { width: measured, height } = this.#measure(own ?? atMost ?? Number.NaN, mode);
      this.#computed = { width: own ?? measured, height };
    }
    if (this.#height !== null) this.#computed.height = this.#height;
  }

  #placeChildren(own: number | null, atMost: number | null): void {
    const [left = 0, top = 0, right = 0, bottom = 0] = this.#padding;
    const room = this.#height === null ? Number.POSITIVE_INFINITY : this.#height - top - bottom;
    const inner = own === null ? null : own - left - right;
    let widest = 0;
    let [x, y, highest] = [left, top, 0];
    for (const child of this.#children) {
      if (child.#display === displayNone) continue;
      if (this.#isColumn) child.#layOut(inner, atMost);
      else child.#layOut(null, atMost === null ? null : Math.max(0, atMost - x));
      child.#left = x;
      child.#top = y + child.#marginTop;
      if (this.#isColumn) {
        child.#computed.height = Math.max(0, Math.min(child.#computed.height, room - (child.#top - top)));
        y = child.#top + child.#computed.height;
        widest = Math.max(widest, child.#computed.width);
      } else {
        x += child.#computed.width;
        highest = Math.max(highest, child.#marginTop + child.#computed.height);
      }
    }
    this.#computed = {
      width: own ?? (this.#isColumn ? left + widest : x) + right,
      height: (this.#isColumn ? y : top + highest) + bottom,
    };
  }

  markDirty(): void {}
  free(): void {}
  freeRecursive(): void {}
  setWidthAuto(): void {}
  setWidthPercent(): void {}
  setHeightAuto(): void {}
  setHeightPercent(): void {}
  setMinWidth(): void {}
  setMinHeight(): void {}
  setMinHeightPercent(): void {}
  setMaxWidth(): void {}
  setMaxHeight(): void {}
  setMaxHeightPercent(): void {}
  setAspectRatio(): void {}
  setPositionType(): void {}
  setPosition(): void {}
  setPositionPercent(): void {}
  setFlexGrow(): void {}
  setFlexShrink(): void {}
  setFlexWrap(): void {}
  setFlexBasis(): void {}
  setFlexBasisAuto(): void {}
  setFlexBasisPercent(): void {}
  setAlignItems(): void {}
  setAlignSelf(): void {}
  setAlignContent(): void {}
  setJustifyContent(): void {}
  setBorder(): void {}
  setGap(): void {}
}

/** Of an edge of yoga, left, top, right and bottom. */
function sidesOf(side: number): readonly number[] {
  if (side === edge.all) return [edge.left, edge.top, edge.right, edge.bottom];
  if (side === edge.horizontal) return [edge.left, edge.right];
  if (side === edge.vertical) return [edge.top, edge.bottom];
  return [side === edge.start ? edge.left : side === edge.end ? edge.right : side];
}
