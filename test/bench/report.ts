import { valuesOf } from './by-watcher.ts';
import type { BusyResult, CalmResult, Results } from './measure.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';
import type { SourceTicks } from './ticks.ts';
import { rtwatchName } from './watchers.ts';
import type { WindowCost } from './window.ts';

/** More than this of a core, used by others, and a measurement is not to be trusted. */
const disturbedPercent = 20;
const mebibyte = 1024 * 1024;

/** The results as text. */
export function formatReport(results: Results): string {
  const paragraphs = [heading(results), comparison(results), ticksBySource(results), remarks(results)];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

function heading({ machine, settings, watchers, busy }: Results): string {
  const [rtwatch, ...others] = watchers.map(({ name, version }) => `${name} ${version}`);
  const { columns, rows, intervalSeconds, seconds, warmUpSeconds, rounds, starts } = settings;
  return [
    `${rtwatch} beside ${others.join(' and ')}, ${machine.date.slice(0, 16).replace('T', ' ')} UTC`,
    `Linux ${machine.kernel} ${machine.arch}, ${machine.cpus} × ${machine.cpuModel}, ${Math.round(machine.memoryBytes / mebibyte / 1024)} GiB, Node.js ${machine.node}, tmux ${machine.tmux}`,
    `${machine.processes} processes beside the sleeping ones; terminal of ${columns} x ${rows}, refreshed every ${intervalSeconds} s`,
    `medians of ${rounds} windows of ${seconds} s, after ${warmUpSeconds} s each, in turn; of ${starts} starts`,
    `busy: ${busy.sleeping} sleeping, on average ${busy.blocked.toFixed(1)} in D and ${busy.zombies.toFixed(1)} in Z, others come and go`,
  ].join('\n');
}

/** A row of the comparison: the same figure of every program. */
interface Row {
  readonly what: string;
  readonly sleeping: number;
  readonly figure: (watcher: string) => number;
  /** Of one of rtwatch's processes, where it has a sense. */
  readonly part?: (part: string) => number;
  readonly format: (value: number) => string;
}

function comparison(results: Results): string {
  const others = results.watchers.map(({ name }) => name).filter((name) => name !== rtwatchName);
  const rows: Row[] = [
    ...results.calm.map((calm) => cpuRow('CPU, % of one core', calm)),
    cpuRow('CPU when busy, % of one core', results.busy),
    ...results.calm.map(memoryRow),
    ...results.calm.map(startRow),
    ...results.calm.map((calm) => outputRow('to the terminal when calm, B/s', calm)),
    outputRow('to the terminal when busy, B/s', results.busy),
  ];
  const ratios = others.map((name) => `${rtwatchName}/${name}`);
  const table = [['', 'sleeping', rtwatchName, 'screen', 'sampler', ...others, ...ratios]];
  let before = '';
  for (const { what, sleeping, figure, part, format } of rows) {
    const own = figure(rtwatchName);
    table.push([
      what === before ? '' : what,
      formatWhole(sleeping),
      format(own),
      ...['screen', 'sampler'].map((name) => (part === undefined ? '' : format(part(name)))),
      ...others.map((name) => format(figure(name))),
      ...others.map((name) => formatRatio(own, figure(name))),
    ]);
    before = what;
  }
  return formatTable(table);
}

const cpuRow = (what: string, { sleeping, windows }: CalmResult | BusyResult): Row => ({
  what,
  sleeping,
  figure: (watcher) => median(valuesOf(windows, watcher).map((window) => window.cpuPercent)),
  part: (part) => median(valuesOf(windows, rtwatchName).map((window) => partOf(window, part).cpuPercent)),
  format: (value) => value.toFixed(1),
});

const memoryRow = ({ sleeping, windows }: CalmResult): Row => ({
  what: 'memory (PSS), MiB',
  sleeping,
  figure: (watcher) => median(valuesOf(windows, watcher).map((window) => window.pssBytes)),
  part: (part) => median(valuesOf(windows, rtwatchName).map((window) => partOf(window, part).pssBytes)),
  format: (value) => (value / mebibyte).toFixed(1),
});

const startRow = ({ sleeping, startMs }: CalmResult): Row => ({
  what: 'start to first data, ms',
  sleeping,
  figure: (watcher) => median(valuesOf(startMs, watcher)),
  format: formatWhole,
});

const outputRow = (what: string, { sleeping, windows }: CalmResult | BusyResult): Row => ({
  what,
  sleeping,
  figure: (watcher) => median(valuesOf(windows, watcher).map((window) => window.terminalBytesPerSec)),
  format: formatWhole,
});

function ticksBySource({ calm }: Results): string {
  const table = [
    ['one look, ms', ...calm.flatMap(({ sleeping }) => [`${formatWhole(sleeping)}: first`, 'median', 'max'])],
    ...(calm[0]?.ticks.sources ?? []).map(({ source }) => [
      source,
      ...calm.flatMap(({ ticks }) => lookCells(ticks.sources.find((other) => other.source === source))),
    ]),
    ['sampler’s CPU per tick', ...calm.flatMap(({ ticks }) => ['', ticks.cpuMsPerTick.toFixed(1), ''])],
  ];
  return formatTable(table);
}

function lookCells(ticks: SourceTicks | undefined): string[] {
  if (ticks === undefined) return ['', '', ''];
  if (ticks.firstMs === null) return [ticks.status, '', ''];
  return [ticks.firstMs, ticks.medianMs, ticks.maxMs].map((ms) => ms?.toFixed(1) ?? '');
}

function remarks({ calm, busy }: Results): string {
  const disturbed = calm.flatMap(({ sleeping, windows }) =>
    Object.entries(windows).flatMap(([watcher, costs]) =>
      costs
        .map((cost) => cost.othersCpuPercent)
        .filter((percent) => percent > disturbedPercent)
        .map((percent) => `${watcher} with ${formatWhole(sleeping)} (${percent.toFixed(0)} %)`),
    ),
  );
  const load = Math.max(...Object.values(busy.windows).flatMap((costs) => costs.map((cost) => cost.othersCpuPercent)));
  return [
    'first: the first look of a program that has just started; median and max: of those after it',
    `the load itself used up to ${load.toFixed(0)} % of a core`,
    ...(disturbed.length === 0
      ? []
      : [`disturbed, as others used more than ${disturbedPercent} % of a core: ${disturbed.join(', ')}`]),
  ].join('\n');
}

function partOf(window: WindowCost, name: string): WindowCost['parts'][number] {
  const found = window.parts.find(({ part }) => part === name);
  if (found === undefined) throw new Error(`${rtwatchName} has no ${name}`);
  return found;
}

function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function formatRatio(own: number, other: number): string {
  return other === 0 ? '–' : (own / other).toFixed(2);
}
