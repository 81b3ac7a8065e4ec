import type { PaneId } from './panes/pane.ts';

/** Where everything is on a screen of a given size. */
export interface Layout {
  /** Lines of the findings strip, its frame included; 0 when there is no room. */
  readonly strip: number;
  /** Rows of panes beside each other, from top to bottom. */
  readonly bands: readonly Band[];
  /** Panes without sides and bottoms, to save lines. */
  readonly bare: boolean;
}

interface Band {
  readonly height: number;
  readonly panes: readonly { readonly id: PaneId; readonly width: number }[];
}

/** From here on two panes fit beside each other. */
const wideColumns = 110;
/** From here on there are lines to spare for whole frames in one column. */
const tallRows = 40;
const leastFindings = 4;
/** One line of findings for so many of the screen. */
const rowsPerFinding = 9;

interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Lines of the footer. */
  readonly footer: number;
  /** Lines that the findings would like. */
  readonly findings: number;
  /** The one pane that is shown; null for all. */
  readonly zoomed: PaneId | null;
  /** The findings give way: the page over the panes needs all lines. */
  readonly stripless?: boolean;
  /** Lines that each pane would like for its content. */
  readonly wanted: Readonly<Record<PaneId, number>>;
}

/** Lays the screen out: two columns when it is wide, one when it is not, and less frame when it is low. */
export function layOut({ columns, rows, footer, findings, zoomed, stripless = false, wanted }: LayoutInput): Layout {
  const wide = columns >= wideColumns;
  const bare = wide ? rows < 26 : rows < tallRows;
  const frame = bare ? 1 : 2;
  const room = Math.max(0, rows - 1 - footer);
  const maxFindings = bare ? 2 : Math.max(leastFindings, Math.floor(rows / rowsPerFinding));
  const strip = room < 8 || stripless ? 0 : Math.min(Math.max(1, findings), maxFindings) + frame;
  const left = room - strip;
  if (zoomed !== null) return { strip, bands: [{ height: left, panes: [{ id: zoomed, width: columns }] }], bare };
  const shape: { ids: PaneId[]; atLeast: number; left?: number; grows?: true }[] = wide
    ? [
        { ids: ['daemons', 'containers'], atLeast: 4, left: 0.5, grows: true },
        // Waits and container names are longer than counts.
        { ids: ['processes', 'mounts'], atLeast: 3, left: 0.57, grows: true },
        { ids: ['disks'], atLeast: 2 },
      ]
    : [
        { ids: ['daemons'], atLeast: 3 },
        { ids: ['containers'], atLeast: 3, grows: true },
        { ids: ['processes'], atLeast: 2, grows: true },
        { ids: ['mounts'], atLeast: 1 },
        { ids: ['disks'], atLeast: 2 },
      ];
  const heights = share(
    left,
    shape.map(({ ids, atLeast, grows = false }) => ({
      grows,
      least: atLeast + frame,
      wanted: Math.max(...ids.map((id) => wanted[id])) + frame,
    })),
  );
  const bands = shape.map(({ ids, left: share = 1 }, index) => {
    const first = Math.ceil(columns * share);
    return {
      height: heights[index] ?? 0,
      panes: ids.map((id, place) => ({ id, width: place === 0 ? first : columns - first })),
    };
  });
  return { strip, bands: bands.filter(({ height }) => height > 0), bare };
}

interface Ask {
  readonly least: number;
  readonly wanted: number;
  /** Has a use for lines beyond what it wants now: its list grows. */
  readonly grows: boolean;
}

/**
 * Shares lines out: everyone the least first, then one after another what they want, and what is then left to those who
 * can use any number. Where even the least does not fit, the last ones go without.
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
