import { formatByteChange, formatBytes } from '../../base/bytes.ts';
import { countOf, formatCount } from '../../base/counts.ts';
import { formatPercent } from '../../base/percent.ts';
import { shortName } from '../../model/goroutines/frames.ts';
import type { HeapReport } from '../../model/goroutines/heap.ts';
import type { HeapFunction } from '../../model/goroutines/heap-amounts.ts';
import type { HeapGrowth } from '../../model/goroutines/heap-growth.ts';
import type { HeapUnit } from '../../sample/heap.ts';
import { clean, fitText } from '../text.ts';

/** A parsed heap profile and the daemon that it is of. */
export interface NamedHeapReport {
  /** The daemon's name; null for a file. */
  readonly name: string | null;
  readonly report: HeapReport;
  readonly growth: HeapGrowth | null;
  readonly partial: boolean;
  readonly error: string | null;
  /** Go samples about one allocation in so many bytes; null where that is not known. */
  readonly rateBytes: number | null;
}

/** The object of `heap --json`. Fields only get added. */
export function heapJson({ name, report, partial, error, rateBytes }: NamedHeapReport, top: number): object {
  return { schema: 1, name, partial, error, rateBytes, ...report, functions: report.functions.slice(0, top) };
}

/** The text report: memory in use, flat and cumulative, as in `go tool pprof -top`. */
export function heapText(named: NamedHeapReport, top: number): string {
  const { name, report, growth, partial, error, rateBytes } = named;
  return `${[
    `${name === null ? '' : `${name}: `}${totalText(report, growth)}`,
    ...(rateBytes === null ? [] : [`sampled about once in ${formatBytes(rateBytes)}: small numbers are rough`]),
    ...(partial ? [`incomplete: ${error ?? 'unknown reason'}`] : []),
    ...httpLines(report),
    ...leakLines(report),
    '',
    `${fitText('flat', 10, 'right')} ${fitText('', 6)} ${fitText('cumulative', 10, 'right')}  function`,
    ...report.functions.slice(0, top).map((one) => heapLine(one, named)),
  ]
    .map(clean)
    .join('\n')}\n`;
}

function totalText({ total, unit }: HeapReport, growth: HeapGrowth | null): string {
  const amount = formatUnit(unit, total[unit]);
  if (unit.startsWith('alloc')) {
    return `${amount} allocated since it started, what was freed included: what is in use is not in this listing (-inuse_space shows it)`;
  }
  const grown = growth === null ? '' : `, ${grownText(growth)} since the earlier one`;
  const allocated = total.allocBytes === 0 ? '' : `, ${formatBytes(total.allocBytes)} allocated since it started`;
  return `${amount} in use${grown}${allocated}`;
}

function formatUnit(unit: HeapUnit, value: number): string {
  return unit.endsWith('Bytes') ? formatBytes(value) : countOf(value, 'object');
}

/** `+12 MB (1.5 MB a minute)` */
export function grownText({ total, inuseBytesPerMinute }: HeapGrowth): string {
  const rate = inuseBytesPerMinute === null ? '' : ` (${formatByteChange(inuseBytesPerMinute)} a minute)`;
  return `${formatByteChange(total.inuseBytes)}${rate}`;
}

/** Leaked stop requests show up in the heap as HTTP connection buffers. */
export function httpLines({ httpConnections }: HeapReport): string[] {
  if (httpConnections === null) return [];
  const { connections } = httpConnections;
  return [
    `HTTP connection buffers fill the heap: about ${formatCount(Math.round(connections))} connections that never close (see the goroutines)`,
  ];
}

/** Known leaks: their size, their meaning, references. */
function leakLines({ leaks }: HeapReport): string[] {
  return leaks.flatMap(({ title, meaning, bytes, share, references }) => [
    `${title}: ${formatBytes(bytes)} (${formatPercent(share * 100)})`,
    `    ${meaning}`,
    ...references.map((reference) => `    ${reference}`),
  ]);
}

/** One row of the table of functions: bytes in use (or what a listing has), their share, with callees, the change, and the name. */
export function heapLine({ func, flat, cumulative }: HeapFunction, { report, growth }: NamedHeapReport): string {
  const { unit, total } = report;
  const change = growth?.functions.find((one) => one.func === func)?.flat[unit] ?? 0;
  const delta = change === 0 ? '' : `  ${change > 0 ? '+' : '-'}${numberOf(unit, Math.abs(change))}`;
  const share = formatPercent(total[unit] === 0 ? 0 : (flat[unit] / total[unit]) * 100);
  return `${fitText(numberOf(unit, flat[unit]), 10, 'right')} ${fitText(share, 6, 'right')} ${fitText(numberOf(unit, cumulative[unit]), 10, 'right')}  ${shortName(func)}${delta}`;
}

function numberOf(unit: HeapUnit, value: number): string {
  return unit.endsWith('Bytes') ? formatBytes(value) : formatCount(value);
}
