import type { IoPressure, PressureLine } from '../../sample/disks.ts';
import { lineAfter } from './line-after.ts';

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

const figures = /^avg10=(\d+(?:\.\d+)?) avg60=(\d+(?:\.\d+)?) avg300=[\d.]+ total=(\d+)/;

function lineOf(text: string, word: string): PressureLine | null {
  const match = figures.exec(lineAfter(text, `${word} `) ?? '');
  if (match === null) return null;
  const [avg10, avg60, totalMicros] = match.slice(1).map(Number) as [number, number, number];
  return { avg10, avg60, totalMicros };
}
