import { type PaneId, paneIds, paneOf } from './panes/panes.ts';

/** The places of everything on a screen of a given size. */
export interface Layout {
  /** Lines of the findings pane with its frame; 0 without room. */
  readonly findingsHeight: number;
  /** Rows of panes side by side, from top to bottom. */
  readonly bands: readonly Band[];
  /** Panes without sides and bottoms, to save lines. */
  readonly bare: boolean;
}

interface Band {
  readonly height: number;
  readonly panes: readonly { readonly id: PaneId; readonly width: number }[];
}

/** From this width on, two panes fit side by side. */
const wideColumns = 110;
/** From this height on, one column has room for whole frames. */
const tallRows = 40;
const leastFindings = 4;
/** Screen rows per line of findings. */
const rowsPerFinding = 9;

interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Lines of the footer. */
  readonly footer: number;
  /** Lines that the findings would fill. */
  readonly findings: number;
  /** The only pane shown; null for all. */
  readonly zoomed: PaneId | null;
  /** Hides the findings: the page needs all lines. */
  readonly findingsHidden?: boolean;
  /** Lines that the content of each pane would fill. */
  readonly wanted: Readonly<Record<PaneId, number>>;
}

/** Lays out the screen: two columns if wide, otherwise one; thinner frames if low. */
export function layOut({
  columns,
  rows,
  footer,
  findings,
  zoomed,
  findingsHidden = false,
  wanted,
}: LayoutInput): Layout {
  const wide = columns >= wideColumns;
  const bare = wide ? rows < 26 : rows < tallRows;
  const frame = bare ? 1 : 2;
  const room = Math.max(0, rows - 1 - footer);
  const maxFindings = bare ? 2 : Math.max(leastFindings, Math.floor(rows / rowsPerFinding));
  const findingsHeight = room < 8 || findingsHidden ? 0 : Math.min(Math.max(1, findings), maxFindings) + frame;
  const left = room - findingsHeight;
  if (zoomed !== null)
    return { findingsHeight, bands: [{ height: left, panes: [{ id: zoomed, width: columns }] }], bare };
  const shape = wide ? pairs(paneIds) : paneIds.map((id) => [id]);
  const heights = share(
    left,
    shape.map((ids) => {
      const rooms = ids.map((id) => paneOf(id).room);
      return {
        grows: rooms.some(({ grows }) => grows),
        least: Math.max(...rooms.map(({ least }) => (wide ? least.wide : least.narrow))) + frame,
        wanted: Math.max(...ids.map((id) => wanted[id])) + frame,
      };
    }),
  );
  const bands = shape.map((ids, index) => ({ height: heights[index] ?? 0, panes: beside(ids, columns) }));
  return { findingsHeight, bands: bands.filter(({ height }) => height > 0), bare };
}

function pairs(ids: readonly PaneId[]): PaneId[][] {
  return ids.flatMap((_, index) => (index % 2 === 0 ? [ids.slice(index, index + 2)] : []));
}

/** The panes of one band with their widths. */
function beside([first, second]: readonly PaneId[], columns: number): Band['panes'] {
  if (first === undefined) return [];
  if (second === undefined) return [{ id: first, width: columns }];
  const width = Math.ceil(columns * (paneOf(first).room.share ?? 0.5));
  return [
    { id: first, width },
    { id: second, width: columns - width },
  ];
}

interface Ask {
  readonly least: number;
  readonly wanted: number;
  /** Can use more lines than it wants now: its list grows. */
  readonly grows: boolean;
}

/**
 * Distributes lines: first the minimum of each, then one line in turn up to what each wants, then the rest to those that grow. If
 * even the minimums do not fit, the last ones get nothing.
 */
function share(lines: number, asks: readonly Ask[]): number[] {
  let left = lines;
  const given = asks.map(({ least }) => {
    const height = left >= least ? least : left >= 2 ? left : 0;
    left -= height;
    return height;
  });
  for (let moved = true; left > 0 && moved; ) {
    moved = false;
    asks.forEach(({ wanted }, index) => {
      const height = given[index] ?? 0;
      if (left > 0 && height > 0 && height < wanted) {
        given[index] = height + 1;
        left--;
        moved = true;
      }
    });
  }
  const growing = asks.flatMap(({ grows }, index) => (grows && (given[index] ?? 0) > 0 ? [index] : []));
  for (let turn = 0; left > 0 && growing.length > 0; turn++, left--) {
    const index = growing[turn % growing.length] ?? 0;
    given[index] = (given[index] ?? 0) + 1;
  }
  return given;
}
