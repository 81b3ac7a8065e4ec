import { formatBytes } from '../../../base/bytes.ts';
import { grownText, type HeapTold, heapLine, httpLines } from '../../report/heap.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.tsx';

/** The state of a requested heap profile. */
export type HeapAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly told: HeapTold }
  | { readonly status: 'failed'; readonly detail: string };

/** The heap in use of a daemon by function, flat and cumulative. */
export function heapLines(daemon: string, answer: HeapAnswer): Line[] {
  if (answer.status === 'pending') return [[span(`reading from ${daemon} …`, 'dim')]];
  if (answer.status === 'failed') return [[span(clean(answer.detail), 'warning')]];
  const { told } = answer;
  const { total } = told.report;
  const change = told.growth === null ? '' : `, ${grownText(told.growth)} since the previous profile (h reads again)`;
  return [
    [
      span(`${formatBytes(total.inuseBytes)} in use`, 'strong'),
      span(`${change}, ${formatBytes(total.allocBytes)} allocated since it started`),
    ],
    ...(told.partial ? [[span(`incomplete: ${clean(told.error ?? 'unknown reason')}`, 'warning')]] : []),
    ...httpLines(told.report).map((text): Line => [span(clean(text), 'warning')]),
    [],
    [span('      flat        cumulative  function', 'dim')],
    ...told.report.functions.map((one): Line => [span(clean(heapLine(one, told)))]),
  ];
}
