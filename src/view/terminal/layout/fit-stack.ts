/** What a block of the screen asks for, in rows with its frame. */
export interface Ask<K> {
  readonly key: K;
  /** The least that says anything: a title line with a digest. */
  readonly folded: number;
  /** With the heading and a row. */
  readonly least: number;
  /** With all of its rows. */
  readonly wanted: number;
  /** With what is only nice to have. */
  readonly ideal: number;
  /** Blocks of a lower rank get their rows first. */
  readonly rank: number;
}

export interface Fitted<K> {
  /** In the order of the asks; 0 for a block without room. */
  readonly heights: readonly { readonly key: K; readonly height: number }[];
  /** Rows that nobody asked for. */
  readonly left: number;
}

/**
 * Shares the rows of a column: every block is folded first, by rank; then each opens, by rank; then all grow by a row in turn, up
 * to what they want, and to what they could use.
 */
export function fitStack<K>(rows: number, asks: readonly Ask<K>[]): Fitted<K> {
  const given = asks.map(() => 0);
  const order = asks.map((_, index) => index).sort((a, b) => (asks[a]?.rank ?? 0) - (asks[b]?.rank ?? 0));
  let left = Math.max(0, rows);
  const give = (index: number, more: number): void => {
    given[index] = (given[index] ?? 0) + more;
    left -= more;
  };
  for (const index of order) give(index, Math.min(left, asks[index]?.folded ?? 0));
  for (const index of order) {
    const more = (asks[index]?.least ?? 0) - (given[index] ?? 0);
    // A block that stays folded for want of a row leaves it to the next.
    if (more > 0 && more <= left && (given[index] ?? 0) > 0) give(index, more);
  }
  for (const size of ['wanted', 'ideal'] as const) {
    const isOpen = (index: number): boolean =>
      (given[index] ?? 0) > 0 && (given[index] ?? 0) >= (asks[index]?.least ?? 0);
    for (let moved = true; moved; ) {
      moved = false;
      for (const index of order) {
        if (left <= 0 || !isOpen(index) || (given[index] ?? 0) >= (asks[index]?.[size] ?? 0)) continue;
        give(index, 1);
        moved = true;
      }
    }
  }
  return { heights: asks.map(({ key }, index) => ({ key, height: given[index] ?? 0 })), left };
}
