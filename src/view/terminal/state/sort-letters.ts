import type { Column } from '../parts/table.ts';

/** The letter that goes on to the next column. */
const taken = 's';

/**
 * The letter that sorts by each column that can be sorted by, by column id: the first of its title that no column before it has, or
 * another one. It does not depend on which columns have room.
 */
export function sortLetters<Row>(
  columns: readonly Pick<Column<Row>, 'id' | 'title' | 'by'>[],
): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  const used = new Set([taken]);
  for (const { id, title, by } of columns) {
    if (by === undefined) continue;
    const letter = [...`${title}${id}abcdefghijklmnopqrtuvwxyz`.toLowerCase()].find(
      (one) => /[a-z]/.test(one) && !used.has(one),
    );
    if (letter === undefined) continue;
    used.add(letter);
    letters.set(id, letter);
  }
  return letters;
}

/** The column of a letter; null for a letter of none. */
export function columnOfLetter<Row>(
  columns: readonly Pick<Column<Row>, 'id' | 'title' | 'by'>[],
  letter: string,
): string | null {
  return [...sortLetters(columns)].find(([, one]) => one === letter)?.[0] ?? null;
}
