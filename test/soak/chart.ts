/** A figure over time, in its unit; null where it is not known. */
export type Values = readonly (number | null)[];

const rows = 5;
const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * A chart of plain text, from zero up: a line for the title, five for the bars, one for the time.
 *
 * @param title with its unit
 * @param hours how long the values reach
 */
export function chartOf(title: string, values: Values, hours: number, columns = 72): string {
  const bars = columnsOf(values, columns);
  const top = Math.max(1, ...bars.map((value) => value ?? 0));
  const lines = Array.from({ length: rows }, (_, row) => {
    const below = rows - 1 - row;
    const cells = bars.map((value) => {
      const eighths = Math.round(((value ?? 0) / top) * rows * 8) - below * 8;
      return blocks[Math.min(8, Math.max(0, eighths))] ?? ' ';
    });
    const scale = row === 0 ? String(Math.round(top)) : row === rows - 1 ? '0' : '';
    return `${scale.padStart(7)} │${cells.join('')}`.trimEnd();
  });
  const end = `${Math.round(hours * 60)} min`;
  return [title, ...lines, `${' '.repeat(9)}0${end.padStart(columns - 1)}`].join('\n');
}

/** The median of each column's values; a column between two values has the one before. */
function columnsOf(values: Values, columns: number): (number | null)[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    const known = values
      .slice(from, to)
      .filter((value) => value !== null)
      .sort((a, b) => a - b);
    return known[Math.floor(known.length / 2)] ?? null;
  });
}
