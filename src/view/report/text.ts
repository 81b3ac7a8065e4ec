import type { Model } from '../../model/model.ts';
import { isHolding } from '../../model/processes.ts';
import type { Finding } from '../../rules/rule.ts';
import type { Verdicts } from '../../rules/run.ts';
import { okValue } from '../../sample/reading.ts';
import { formatBytes, formatCount, formatMs, formatPercent, formatSeconds } from '../format.ts';
import { clean, fitText } from '../text.ts';

/** The report for people: what is wrong first, then the node in a few lines. */
export function reportText(model: Model, verdicts: Verdicts): string {
  const sections = [
    headLine(model),
    findingLines(verdicts),
    daemonLines(model),
    containerLines(model),
    processLines(model),
    diskLines(model),
    sourceLines(model),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(clean).join('\n'))
    .join('\n\n')}\n`;
}

function headLine({ host, daemons, at }: Model): string[] {
  const versions = daemons.filter(({ version }) => version !== null).map(({ name, version }) => `${name} ${version}`);
  const facts =
    host === null
      ? []
      : [host.hostname, `Linux ${host.kernel}`, ...versions, `up ${formatSeconds(host.uptimeSeconds)}`];
  return [[...facts, new Date(at).toISOString()].join(' · ')];
}

function findingLines({ findings, unknown }: Verdicts): string[] {
  const told = findings.flatMap(findingText);
  return [
    ...(told.length === 0 ? ['nothing found'] : told),
    ...unknown.map(({ id, because }) => `could not tell: ${id} (${because})`),
  ];
}

function findingText(finding: Finding): string[] {
  const since = finding.since === null ? '' : `, since ${new Date(finding.since).toISOString()}`;
  return [
    `${finding.severity.toUpperCase()}: ${finding.title}${since}`,
    `  ${finding.summary}`,
    ...finding.evidence.map(({ source, text }) => `  - ${text}  [${source}]`),
    ...finding.remedies.map(({ text, command }) => `  > ${text}${command === null ? '' : `\n    ${command}`}`),
  ].flatMap((line) => line.split('\n'));
}

function daemonLines({ daemons }: Model): string[] {
  return daemons.map((daemon) => {
    const { process } = daemon;
    if (process === null) return `${fitText(daemon.name, 12)} ${daemon.detail ?? 'not running'}`;
    const goroutines = okValue(daemon.goroutines);
    const runtime =
      goroutines === null
        ? 'goroutines not told'
        : `${formatCount(goroutines)} goroutines, heap ${formatBytes(daemon.heapBytes)}`;
    const ping = okValue(daemon.ping);
    return `${fitText(daemon.name, 12)} pid ${process.pid}, ${runtime}, rss ${formatBytes(process.rssBytes)}, ${formatCount(process.fds)} fds${ping === null ? '' : `, ping ${formatMs(ping.ms)}`}`;
  });
}

function containerLines({ containers }: Model): string[] {
  if (containers === null) return [];
  const odd = containers.list.filter(({ stuck, reason }) => stuck || reason !== null);
  return [
    `containers   ${containers.running} running of ${containers.list.length}, ${containers.stuck} stuck, list in ${formatMs(containers.listMs)}`,
    ...odd.map(({ id, label, state, stuckSeconds, reason }) => {
      const since = stuckSeconds === null ? '' : ` for ${formatSeconds(stuckSeconds)}`;
      return `  ${id.slice(0, 12)} ${label}: ${state}${since}${reason === null ? '' : `, ${reason}`}`;
    }),
  ];
}

function processLines({ processes }: Model): string[] {
  if (processes === null) return [];
  const held = processes.list.filter(isHolding);
  const zombies = processes.list.length - held.length;
  return [
    `processes    ${formatCount(processes.total)}, ${held.length} in D, ${zombies} zombies`,
    ...held.map((process) => {
      const where = process.containerName ?? process.containerId?.slice(0, 12);
      return `  ${process.pid} ${process.comm} ${process.state} ${formatSeconds(process.seconds)}${process.wchan === null ? '' : ` in ${process.wchan}`}${process.killPending ? ', SIGKILL pending' : ''}${where === undefined ? '' : `, ${where}`}`;
    }),
  ];
}

function diskLines({ disks }: Model): string[] {
  if (disks === null) return [];
  const io = okValue(disks.pressure);
  const pressure =
    io === null
      ? 'pressure not told'
      : `pressure some ${formatPercent(io.some.avg10)}, full ${formatPercent(io.full?.avg10 ?? null)}`;
  return [
    `disk I/O     ${pressure}, dirty ${formatBytes(disks.dirtyBytes)}, writeback ${formatBytes(disks.writebackBytes)}`,
    ...disks.list
      .filter(({ rates }) => rates !== null && rates.utilPercent >= 1)
      .map(
        ({ name, rates }) =>
          `  ${name} busy ${formatPercent(rates?.utilPercent ?? null)}, await ${formatMs(rates?.awaitMs ?? null)}`,
      ),
  ];
}

/** Only what is missing: that the rest answered shows above. */
function sourceLines({ sources }: Model): string[] {
  return sources
    .filter(({ status }) => status !== 'ok')
    .map(({ name, status, detail }) => `${fitText(name, 12)} ${status}: ${detail ?? ''}`);
}
