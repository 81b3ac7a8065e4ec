import { formatCount } from '../../base/counts.ts';
import { clean } from '../../view/text.ts';
import type { Complaint } from '../../wire/complaints.ts';

/** Kinds that are printed; the rest are counted. */
const mostLines = 5;

/**
 * What was skipped in an input because it does not have the right shape: a line for each of the first kinds, then a count.
 * The lines are safe to print.
 *
 * @param input the file's name, or `standard input`
 */
export function complaintLines(input: string, complaints: readonly Complaint[]): string[] {
  const first = complaints
    .slice(0, mostLines)
    .map(({ words, count }) => `${clean(input)}, ${clean(words)}${more(count)}`);
  const rest = complaints.slice(mostLines).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? first : [...first, `${clean(input)}: ${formatCount(rest)} more were skipped, of other fields.`];
}

const more = (count: number): string => (count === 1 ? '' : ` So are ${formatCount(count - 1)} more like it.`);
