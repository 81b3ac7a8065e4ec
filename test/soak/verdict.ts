import { quantile, thirds } from '../reliability/chaos-figures.ts';
import type { HourLook } from './compressed.ts';
import type { Figures, Look } from './figures.ts';

/** A figure of the run, and whether it stayed. */
export interface Row {
  readonly name: string;
  /** How it is shown. */
  readonly unit: 'MiB' | 'count' | '% of a core' | 'ms';
  /** After the warm-up. */
  readonly values: readonly number[];
  /** Medians. */
  readonly first: number;
  readonly last: number;
  /** The most that the last third may have; null for what is shown and not judged. */
  readonly limit: number | null;
}

const mebibyte = 2 ** 20;
const allowedGrowth = 1.03;
/** A few come and go with each connection and page. */
const allowedCount = 2;
/** The screen’s past holds so much at most (`timeline/past-ring.ts`), and may fill for an hour. */
const pastBytes = 32 * mebibyte;
/** Its past is full after an hour; a shorter run has its warm-up in proportion. */
const longestWarmUpSeconds = 3600;
const warmUpShare = 1 / 3;

/** The looks that count. */
function afterWarmUp(looks: readonly Look[]): readonly Look[] {
  const end = looks.at(-1)?.seconds ?? 0;
  return looks.filter(({ seconds }) => seconds > Math.min(longestWarmUpSeconds, end * warmUpShare));
}

/** What each figure was, and what it may be. */
export function rowsOf(all: readonly Look[]): readonly Row[] {
  const looks = afterWarmUp(all);
  return [
    ...processRows('screen', looks, ({ screen }) => screen, pastLeft(looks)),
    ...processRows('sampler', looks, ({ sampler }) => sampler, 0),
    counted(
      'children',
      looks.map(({ children }) => children),
    ),
    shown(
      'keys',
      'ms',
      looks.map(({ keyMs }) => keyMs),
    ),
  ];
}

/** What grew, in words; empty when nothing did. */
export function failuresOf(rows: readonly Row[]): string[] {
  return rows
    .filter(({ last, limit }) => limit !== null && last > limit)
    .map(({ name, unit, first, last, limit }) => {
      const said = (value: number): string => value.toFixed(1);
      return `${name} grew: ${said(first)} to ${said(last)} ${unit}, at most ${said(limit ?? 0)} was expected`;
    });
}

/** Of a compressed run: what grew in words, or null. The first two hours fill the past. */
export function hourFailure(looks: readonly Pick<HourLook, 'heapBytes' | 'bufferBytes'>[]): string | null {
  const { first, last } = thirds(looks.slice(2).map(({ heapBytes, bufferBytes }) => heapBytes + bufferBytes));
  if (last <= first * allowedGrowth) return null;
  return `the heap grew: ${(first / mebibyte).toFixed(1)} to ${(last / mebibyte).toFixed(1)} MiB`;
}

export function tableOf(rows: readonly Row[]): string {
  const head = ['figure', 'unit', 'first third', 'last third', 'limit', 'most'];
  const body = rows.map(({ name, unit, values, first, last, limit }) => {
    const said = (value: number): string => (unit === 'count' ? value.toFixed(0) : value.toFixed(1));
    return [name, unit, said(first), said(last), limit === null ? '' : said(limit), said(quantile(values, 1))];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...body].map(line).join('\n');
}

function processRows(
  name: string,
  looks: readonly Look[],
  process: (look: Look) => Figures | null,
  pastLeftMiB: number,
): Row[] {
  const figures = looks.flatMap((look) => process(look) ?? []);
  const known = (pick: (one: Figures) => number | null): number[] => figures.flatMap((one) => pick(one) ?? []);
  const mebibytes = (what: string, pick: (one: Figures) => number | null): Row =>
    shown(
      `${name}: ${what}`,
      'MiB',
      known(pick).map((bytes) => bytes / mebibyte),
    );
  const judged = (row: Row): Row => ({ ...row, limit: row.first * allowedGrowth + pastLeftMiB });
  return [
    judged(mebibytes('PSS', ({ pssBytes }) => pssBytes)),
    judged(mebibytes('heap', ({ heapBytes }) => heapBytes)),
    mebibytes('pages of V8', ({ pagesBytes }) => pagesBytes),
    mebibytes('malloc', ({ mallocBytes }) => mallocBytes),
    mebibytes('buffers', ({ bufferBytes }) => bufferBytes),
    counted(
      `${name}: descriptors`,
      known(({ fds }) => fds),
    ),
    counted(
      `${name}: threads`,
      known(({ threads }) => threads),
    ),
    counted(
      `${name}: timers`,
      known(({ timers }) => timers),
    ),
    shown(`${name}: CPU`, '% of a core', cpuShares(looks, process)),
  ];
}

/** What the past of the screen may still gain between the first third and its end, in MiB: it is full after an hour. */
function pastLeft(looks: readonly Look[]): number {
  const third = looks.slice(0, Math.ceil(looks.length / 3));
  const middle = third[Math.floor(third.length / 2)]?.seconds ?? 0;
  return (pastBytes / mebibyte) * Math.max(0, 1 - middle / longestWarmUpSeconds);
}

/** From one look to the next, while it is the same process. */
export function cpuShares(looks: readonly Look[], process: (look: Look) => Figures | null): number[] {
  return looks.flatMap((look, index) => {
    const before = looks[index - 1];
    const [now, then] = [process(look), before === undefined ? null : process(before)];
    if (before === undefined || now === null || then?.pid !== now.pid) return [];
    return [((now.cpuSeconds - then.cpuSeconds) / (look.seconds - before.seconds)) * 100];
  });
}

function counted(name: string, values: readonly number[]): Row {
  const row = shown(name, 'count', values);
  return { ...row, limit: row.first + allowedCount };
}

function shown(name: string, unit: Row['unit'], values: readonly number[]): Row {
  return { name, unit, values, ...thirds(values), limit: null };
}
