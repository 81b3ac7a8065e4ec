import { formatBytes } from '../../base/bytes.ts';
import { countOf, formatCount } from '../../base/counts.ts';
import { formatMs, formatSeconds } from '../../base/durations.ts';
import { formatDayTime, formatMoment, formatTime } from '../../base/moments.ts';
import { formatPercent } from '../../base/percent.ts';
import { utc, type Zone } from '../../base/zone.ts';
import { blindSpots } from '../../model/blind-spots.ts';
import { otherDaemonText } from '../../model/daemons/others.ts';
import type { Model } from '../../model/model.ts';
import { isHolding, type ProcessModel } from '../../model/processes/processes.ts';
import { resolvedContainers } from '../../rules/engine/container-outcomes.ts';
import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import { okValue } from '../../sample/reading.ts';
import { fewUnreadable } from '../few-unreadable.ts';
import { findingTrees, withoutRepeatedRemedies } from '../finding-trees.ts';
import { fdGrowthText } from '../growth.ts';
import { missingListText } from '../missing-list.ts';
import { resolvedText } from '../resolved-containers.ts';
import { stuckFor } from '../stuck-for.ts';
import { clean, fitText, wrapText } from '../text.ts';
import { diskLines } from './disks-text.ts';
import { mountLines } from './mounts.ts';
import { statusLine } from './status-line.ts';

interface TextOptions {
  /** List every container, not only those that are stuck or have a reason to show; and every finding in full. */
  readonly all?: boolean;
  /** The reader's zone; UTC if unknown, as in a file for others. */
  readonly zone?: Zone;
  /** Columns of the terminal, at which sentences wrap; null for a file or a pipe. */
  readonly columns?: number | null;
}

/** The text report: findings first, then the node in a few lines. */
export function reportText(
  model: Model,
  verdicts: Verdicts,
  { all = false, zone = utc, columns = null }: TextOptions = {},
): string {
  const sections = [
    [statusLine(model, verdicts), headLine(model, zone)],
    findingLines(model, verdicts, { all, zone, columns }),
    [...daemonLines(model), ...model.otherDaemons.map(otherDaemonText)],
    containerLines(model, verdicts, all),
    processLines(model),
    mountLines(model),
    diskLines(model),
    sourceLines(model),
    slowedLines(model),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(clean).join('\n'))
    .join('\n\n')}\n`;
}

function headLine({ host, daemons, at }: Model, zone: Zone): string {
  const versions = daemons.filter(({ version }) => version !== null).map(({ name, version }) => `${name} ${version}`);
  const facts =
    host === null
      ? []
      : [host.hostname, `Linux ${host.kernel}`, ...versions, `up ${formatSeconds(host.uptimeSeconds)}`];
  return [...facts, formatDayTime(at, zone)].join(' · ');
}

/** Consequences with a line each; the rest is counted. */
const maxConsequences = 8;

function findingLines(
  model: Model,
  { findings, unknown }: Verdicts,
  { all, zone, columns }: Required<TextOptions>,
): string[] {
  const textOf = (finding: Diagnosis): string[] => findingText(finding, model.at, zone, columns);
  const found = findingTrees(withoutRepeatedRemedies(findings)).flatMap(({ root, effects, isFolded }) => [
    ...textOf(root),
    ...(isFolded && !all ? consequenceLines(effects) : effects.flatMap(textOf)),
  ]);
  const toFindOut = (remedy: string | null | undefined): string => (remedy ? `; to find out: ${remedy}` : '');
  return [
    ...found,
    ...blindSpots(model).map(({ because, remedy }) => `unknown: ${because}${toFindOut(remedy)}`),
    ...unknown.map(({ id, because, remedy }) => `unknown: ${id} (${because})${toFindOut(remedy)}`),
  ];
}

/** A line for each of the first of many. */
function consequenceLines(effects: readonly Diagnosis[]): string[] {
  const more = effects.length - maxConsequences;
  return [
    `    ${formatCount(effects.length)} consequences:`,
    ...effects
      .slice(0, maxConsequences)
      .map(({ severity, title }) => `    └ ${severity.toUpperCase()}: ${clean(title)}`),
    ...(more > 0 ? [`    └ ${formatCount(more)} more: check --all lists them, and shows the evidence of each`] : []),
  ];
}

/** Consequences of a finding are indented below it. */
export function findingText(finding: Diagnosis, now: number, zone: Zone, columns: number | null = null): string[] {
  const indent = '    '.repeat(finding.depth);
  const since = finding.since === null ? '' : `, ${sinceText(finding.since, finding.until ?? now, now, zone)}`;
  const lines = [
    `${finding.depth === 0 ? '' : '└ '}${finding.severity.toUpperCase()}: ${finding.title}${since}`,
    `  ${finding.summary}`,
    ...finding.evidence.map(
      ({ source, text, at }) => `  - ${text}  [${source}${at === undefined ? '' : `, ${formatMoment(at, now, zone)}`}]`,
    ),
    ...finding.remedies.flatMap(({ text, command }) => [
      `  > ${text}`,
      ...(command === null ? [] : command.split('\n').map((line) => `${commandIndent}${line}`)),
    ]),
  ];
  // A name that contains a line break must not fake a line of the report.
  return lines.flatMap((line) => wrapSentence(indent, clean(line), columns));
}

const commandIndent = '    ';
/** Narrower lines cannot be read. */
const leastColumns = 40;

/** A command stays on one line: a copied line break would end it. */
function wrapSentence(indent: string, line: string, columns: number | null): string[] {
  if (columns === null || line.startsWith(commandIndent)) return [indent + line];
  const hang = indent + ' '.repeat(/^ *(?:[->└] )?/.exec(line)?.[0].length ?? 0);
  const width = Math.max(leastColumns, columns) - hang.length;
  return wrapText(line.slice(hang.length - indent.length), width).map((part, index) =>
    index === 0 ? indent + line.slice(0, hang.length - indent.length) + part : hang + part,
  );
}

/** `for 12m 3s, since 17:01:41 CST` */
function sinceText(since: number, until: number, now: number, zone: Zone): string {
  return `for ${formatSeconds(Math.max(0, until - since) / 1000)}, since ${formatTime(since, now, zone)}`;
}

function daemonLines({ daemons }: Model): string[] {
  const width = Math.max(12, ...daemons.map(({ name }) => Math.min(name.length, 16)));
  return daemons.map((daemon) => {
    const { process } = daemon;
    if (process === null) return `${fitText(daemon.name, width)} ${daemon.detail ?? 'not running'}`;
    const goroutines = okValue(daemon.goroutines);
    const runtime =
      goroutines === null
        ? 'goroutines unknown'
        : `${formatCount(goroutines)} goroutines, heap ${formatBytes(daemon.heapBytes)}`;
    const ping = okValue(daemon.ping);
    const growth = fdGrowthText(daemon);
    return `${fitText(daemon.name, width)} pid ${process.pid}, ${runtime}, rss ${formatBytes(process.rssBytes)}, ${formatCount(process.fds)} fds${growth === '' ? '' : ` (${growth})`}${ping === null ? '' : `, ping ${formatMs(ping.ms)}`}`;
  });
}

/** The list is read at least every ten seconds. */
const oldListMs = 15_000;

function containerLines({ containers, sources, at }: Model, verdicts: Verdicts, all: boolean): string[] {
  if (containers === null) return [];
  const { list, running, stuck, stopping, listMs, listAgeMs } = containers;
  const trouble = `${stuck} stuck${stopping === 0 ? '' : `, ${stopping} stopping`}`;
  const resolved = new Map(resolvedContainers(verdicts).map((container) => [container.id, container]));
  const odd = list.filter((container) => all || container.stuck || container.reason !== null);
  const counts =
    listAgeMs === null
      ? `${list.length} found through their shims, ${trouble}: ${missingListText({ sources })}`
      : `${running} running of ${list.length}, ${trouble}, ${listText(listMs, listAgeMs)}`;
  return [
    `containers   ${counts}`,
    ...odd.map((container) => {
      const { id, label, state, stuck: isStuck, reason } = container;
      const since = isStuck ? ` for ${stuckFor(container)}` : '';
      const over = resolved.get(id);
      const was = over === undefined ? '' : `; ${resolvedText(over, at)}`;
      const short = id.slice(0, 12);
      return `  ${label === short ? short : `${short} ${label}`}: ${state}${since}${reason === null ? '' : `, ${reason}`}${was}`;
    }),
    ...[...resolved.values()]
      .filter(({ id }) => !odd.some((container) => container.id === id))
      .map((container) => `  ${container.id.slice(0, 12)} ${container.name}: ${resolvedText(container, at)}`),
  ];
}

/** A list that never answered took no time: 0 says so. */
function listText(ms: number, ageMs: number): string {
  if (ageMs > oldListMs) return `list ${formatSeconds(ageMs / 1000)} old`;
  return ms === 0 ? 'list unanswered' : `list in ${formatMs(ms)}`;
}

function processLines({ processes }: Model): string[] {
  if (processes === null) return [];
  const held = processes.list.filter(isHolding);
  const zombies = processes.list.length - held.length;
  return [
    `processes    ${formatCount(processes.total)}, ${held.length} in D, ${countOf(zombies, 'zombie')}`,
    ...held.map((process) => {
      const where = process.containerName ?? process.containerId?.slice(0, 12);
      return `  ${process.pid} ${process.comm} ${process.state} ${process.secondsFrom === 'first-seen' ? '≥' : ''}${formatSeconds(process.seconds)}${process.wchan === null ? '' : ` in ${process.wchan}`}${process.killPending ? ', SIGKILL pending' : ''}${where === undefined ? '' : `, ${where}`}${waitText(process)}`;
    }),
    ...processes.sleepers.map(
      ({ pid, comm, killPending, blockerPid }) =>
        `  ${pid} ${comm} ${killPending ? 'was killed' : 'is exiting'}, waits for ${blockerPid === null ? 'its children' : `pid ${blockerPid}`} to exit`,
    ),
  ];
}

function waitText({ waits }: ProcessModel): string {
  if (waits === null || waits.kind === 'unknown') return '';
  return `: ${waits.text}${waits.mount === null ? '' : `, ${waits.mount.mountPoint} (${waits.mount.source})`}`;
}

/** Rates and ages stay correct, but anything shorter than the interval is missed. */
function slowedLines({ sampler: { slowed } }: Model): string[] {
  if (slowed === null) return [];
  const { intervalMs, factor, budgetPercent } = slowed;
  const [now, asked] = [intervalMs, intervalMs / factor].map((ms) => formatSeconds(ms / 1000));
  return [
    `rtwatch samples every ${now} instead of ${asked}: its own CPU use exceeded ${formatPercent(budgetPercent)} of a core (--cpu-budget)`,
  ];
}

/** Only sources that are missing: the report above shows the others. */
function sourceLines(model: Model): string[] {
  return [
    ...model.sources
      .filter(({ name, status }) => status !== 'ok' && !(status === 'absent' && isReplaced(name, model)))
      .map(({ name, status, detail }) => `${fitText(name, 12)} ${status}: ${detail ?? ''}`),
    ...hiddenLines(model).map(([name, text]) => `${fitText(name, 12)} partial: ${text} (run as root)`),
  ];
}

/** A node has Docker or the CRI: without one of them nothing is missing where the other answers. */
function isReplaced(name: string, { sources }: Model): boolean {
  const other = { containers: 'cri', cri: 'containers' }[name];
  return sources.some((source) => source.name === other && source.status === 'ok');
}

/** Sources that are partial because the kernel hides the rest from this user. */
function hiddenLines({ processes, mounts, writers, daemons }: Model): [name: string, text: string][] {
  const hidden: [string, string, number][] = [
    ['processes', 'are not readable', processes?.unreadable ?? 0],
    ['mounts', 'hide their mounts', mounts?.unreadable ?? 0],
    ['writers', 'hide what they write', writers?.unreadable ?? 0],
  ];
  return [
    ...hidden
      .filter(([, , count]) => count > fewUnreadable)
      .map(([name, text, count]): [string, string] => [name, `${formatCount(count)} processes ${text}`]),
    ...daemons
      .filter(({ process }) => process !== null && process.fds === null)
      .map(({ name }): [string, string] => [name, 'its open files are not readable']),
  ];
}
