import type { IoPressure, PressureLine } from '../../sample/disks.ts';

/**
 * Parses a pressure file (kernel Documentation/accounting/psi.rst):
 * `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, and a line `full …` of the same form.
 *
 * @throws when there is no `some` line
 */
export function parsePressure(text: string): IoPressure {
  const some = lineOf(text, 'some');
  if (some === null) throw new Error('no "some" line in a pressure file');
  return { some, full: lineOf(text, 'full') };
}

const share = '(\\d+(?:\\.\\d+)?)';

function lineOf(text: string, word: string): PressureLine | null {
  const match = new RegExp(`^${word} avg10=${share} avg60=${share} avg300=[\\d.]+ total=(\\d+)`, 'm').exec(text);
  if (match === null) return null;
  const [avg10, avg60, totalMicros] = match.slice(1).map(Number) as [number, number, number];
  return { avg10, avg60, totalMicros };
}
