import { clean } from '../../text.ts';
import { isPattern } from '../filter.ts';
import { type Line, span } from './line.ts';

/** `/web`, or `/web-\d/` as it was typed, and why it cannot be applied; empty without a filter. */
export function filterLine(filter: string, trouble: string | null, typing = false): Line {
  if (filter === '' && !typing) return [];
  const shown = isPattern(filter) ? filter : `/${filter}`;
  return [
    span(`${clean(shown)}${typing ? '_' : ''}`, 'key'),
    ...(trouble === null ? [] : [span(` not applied: ${clean(trouble)}`, 'warning')]),
  ];
}
