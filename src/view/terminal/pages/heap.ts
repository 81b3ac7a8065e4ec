import { formatBytes } from '../../../base/bytes.ts';
import { grownText, heapLine, httpLines, type NamedHeapReport } from '../../report/heap.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';

/** The state of a requested heap profile. */
export type HeapAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly heap: NamedHeapReport }
  | { readonly status: 'failed'; readonly detail: string };

/** The heap in use of a daemon by function, flat and cumulative. */
export function heapLines(daemon: string, answer: HeapAnswer): Line[] {
  if (answer.status === 'pending') return [[span(`reading from ${daemon} …`, 'dim')]];
  if (answer.status === 'failed') return [[span(clean(answer.detail), 'warning')]];
  const { heap } = answer;
  const { total } = heap.report;
  const change = heap.growth === null ? '' : `, ${grownText(heap.growth)} since the previous profile (h reads again)`;
  return [
    [
      span(`${formatBytes(total.inuseBytes)} in use`, 'strong'),
      span(`${change}, ${formatBytes(total.allocBytes)} allocated since it started`),
    ],
    ...(heap.partial ? [[span(`incomplete: ${clean(heap.error ?? 'unknown reason')}`, 'warning')]] : []),
    ...httpLines(heap.report).map((text): Line => [span(clean(text), 'warning')]),
    [],
    [span('      flat        cumulative  function', 'dim')],
    ...heap.report.functions.map((one): Line => [span(clean(heapLine(one, heap)))]),
  ];
}
