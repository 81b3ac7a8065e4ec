import { formatBytes } from '../../../base/bytes.ts';
import { grownText, type HeapTold, heapLine, httpLines } from '../../report/heap.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.tsx';

/** What came of asking for a heap profile. */
export type HeapAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly told: HeapTold }
  | { readonly status: 'failed'; readonly detail: string };

/** The heap of a daemon by function, in use, flat and cumulative. */
export function heapLines(daemon: string, answer: HeapAnswer): Line[] {
  if (answer.status === 'pending') return [[span(`asking ${daemon} …`, 'dim')]];
  if (answer.status === 'failed') return [[span(clean(answer.detail), 'warning')]];
  const { told } = answer;
  const { total } = told.report;
  const change = told.growth === null ? '' : `, ${grownText(told.growth)} since the profile before (h asks again)`;
  return [
    [
      span(`${formatBytes(total.inuseBytes)} in use`, 'strong'),
      span(`${change}, ${formatBytes(total.allocBytes)} allocated since it started`),
    ],
    ...(told.partial ? [[span(`not whole: ${clean(told.error ?? 'something is missing')}`, 'warning')]] : []),
    ...httpLines(told.report).map((text): Line => [span(clean(text), 'warning')]),
    [],
    [span('      flat        cumulative  function', 'dim')],
    ...told.report.functions.map((one): Line => [span(clean(heapLine(one, told)))]),
  ];
}
