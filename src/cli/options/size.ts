import { InvalidArgumentError } from 'commander';

/** The smallest limit: each of its four parts holds a few blocks. */
const smallest = 4_000_000;
const factors: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes of `500MB`, `2GiB`, `1G` or a bare number; Infinity for `none` (commander makes an empty text of null). */
export function parseSize(text: string): number {
  if (text === 'none') return Number.POSITIVE_INFINITY;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = factors[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) {
    throw new InvalidArgumentError('It is not a size such as 500MB or 2GiB, or none.');
  }
  const bytes = Math.floor(Number(digits) * factor);
  if (bytes < smallest) throw new InvalidArgumentError('It must be at least 4MB.');
  return bytes;
}

/** Columns and rows of `120x36`. */
export function parseTerminalSize(text: string): { readonly columns: number; readonly rows: number } {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(text.trim()) ?? [];
  const size = { columns: Number(columns ?? 0), rows: Number(rows ?? 0) };
  if (size.columns < 20 || size.columns > 1000 || size.rows < 5 || size.rows > 1000) {
    throw new InvalidArgumentError('It is not a size such as 120x36: 20 to 1000 columns, 5 to 1000 rows.');
  }
  return size;
}
