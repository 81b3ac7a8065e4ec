import { formatBytes } from '../../../base/bytes.ts';
import { formatCount } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import { formatClock } from '../../../base/moments.ts';
import { listOf } from '../../../base/words.ts';
import { blindSpots } from '../../../model/blind-spots.ts';
import type { Model } from '../../../model/model.ts';
import type { TimelineView } from '../../../timeline/timeline-view.ts';
import { clean } from '../../text.ts';
import type { Connection } from '../connection.ts';
import type { Theme } from '../theme/theme.ts';
import { formatSpeed } from '../timeline.ts';
import { type Line, lineWidth, type Span, span, spread } from './line.ts';

interface HeaderInput {
  readonly model: Model;
  readonly connection: Connection;
  readonly theme: Theme;
  readonly columns: number;
  readonly timeline?: TimelineView | null;
}

/** ` rtwatch  node-7 · Linux 4.19.25 · docker 19.03.15 · up 41d        ● live 1s  17:01:41` */
export function headerLine({ model, connection, theme, columns, timeline = null }: HeaderInput): Line {
  const clock = model.at === 0 ? '' : `  ${formatClock(model.at, theme.zone)} `;
  const source =
    timeline?.kind === 'replay'
      ? replayLine(timeline, theme)
      : connectionLine(model, connection, timeline !== null, theme);
  const right: Line = [span(' '), ...recordingLine(connection, theme), ...source, span(clock, 'dim')];
  const fits = (left: Line): boolean => lineWidth(left) + lineWidth(right) <= columns;
  const forms = factForms(model).map(titled);
  return spread(forms.find(fits) ?? titled([]), right, columns);
}

function titled(facts: readonly Span[]): Line {
  return [
    span(' rtwatch', 'title'),
    ...facts.flatMap((fact, index) => [span(index === 0 ? '  ' : ' · ', 'dim'), fact]),
  ];
}

/** What is known of the node, from all of it to its name alone: whole facts only, and the engine before the kernel. */
function factForms(model: Model): Span[][] {
  const { host } = model;
  if (host === null) return [[]];
  const name = span(clean(host.hostname), 'strong');
  const shortName = span(clean(host.hostname.split('.')[0] ?? ''), 'strong');
  // Before the versions: everything below shows this PID namespace only.
  const blind = blindSpots(model).some(({ id }) => id === 'pid-namespace');
  const [longWarning = [], warning = [], shortWarning = []] = (
    blind ? Array.from({ length: 3 }, () => 'not the host’s PID namespace') : unreadableTexts(model)
  ).map((text) => [span(text, 'warning')]);
  const kernel = span(clean(`Linux ${host.kernel}`));
  const shortKernel = span(clean(`Linux ${host.kernel.split('-')[0]}`));
  const engines = engineTexts(model).map((text) => span(clean(text)));
  const shortEngines = engineTexts(model).map((text) => span(clean(shortVersion(text))));
  const up = span(`up ${formatSeconds(host.uptimeSeconds)}`);
  const distribution = host.distribution === null ? [] : [span(clean(host.distribution))];
  return [
    [name, ...longWarning, kernel, ...engines, up, ...distribution],
    [name, ...warning, kernel, ...engines, up, ...distribution],
    [name, ...warning, kernel, ...engines, up],
    [name, ...warning, kernel, ...engines],
    [name, ...warning, shortKernel, ...shortEngines, up],
    [name, ...warning, shortKernel, ...shortEngines],
    [name, ...shortWarning, shortKernel, ...shortEngines],
    [name, ...shortWarning, kernel, ...shortEngines.slice(0, 1)],
    [name, ...shortWarning, shortKernel, ...shortEngines.slice(0, 1)],
    [shortName, ...shortWarning, shortKernel, ...shortEngines.slice(0, 1)],
    [shortName, ...shortWarning, ...shortEngines.slice(0, 1)],
    [shortName, ...shortWarning],
    [...shortWarning],
    [shortName],
    [],
  ];
}

/** Root too is kept from a few processes, by a security module or another user namespace. Our own threshold. */
const unreadableShare = 0.1;

/** What stays unread of processes without privileges, the longest text first; empty where it is of few. */
function unreadableTexts({ processes, mounts, writers }: Model): string[] {
  if (processes === null) return [];
  const kinds = [
    { what: 'states', count: processes.unreadable },
    { what: 'mounts', count: mounts?.unreadable ?? 0 },
    { what: 'I/O', count: writers?.unreadable ?? 0 },
  ].filter(({ count }) => count > processes.total * unreadableShare);
  if (kinds.length === 0) return [];
  const most = formatCount(Math.max(...kinds.map(({ count }) => count)));
  return [
    `${listOf(kinds.map(({ what }) => what))} of ${most} processes unreadable: run as root`,
    `${most} processes unreadable: run as root`,
    'run as root',
  ];
}

function engineTexts({ daemons, cri }: Model): string[] {
  const known = daemons.filter(({ version }) => version !== null);
  // A CRI-O whose process may not be seen has no row.
  const unseen = (cri?.runtimes ?? []).filter(
    ({ pid, version, socket }) => pid === null && version !== null && !known.some((one) => one.socket === socket),
  );
  return [
    ...known.map(({ name, version }) => `${name === 'dockerd' ? 'docker' : name} ${version}`),
    ...unseen.map(({ kind, version }) => `${kind} ${version}`),
  ];
}

/** `docker 20.10.24`, without what a distribution or a build adds: `+dfsg1`, `~ds1`, `-ce`. */
function shortVersion(text: string): string {
  return text.replace(/^(.*? v?\d+(?:\.\d+)*).*$/, '$1');
}

function recordingLine({ recordedBytes = null }: Connection, { glyphs }: Theme): Line {
  return recordedBytes === null
    ? []
    : [span(`${glyphs.live} rec ${formatBytes(recordedBytes)}`, 'critical'), span('  ')];
}

function replayLine({ status, cursor, to, speed }: TimelineView, { glyphs }: Theme): Line {
  if (status === 'playing') return [span(glyphs.pointer, 'good'), span(` replay ${formatSpeed(speed)}`)];
  return [span(cursor >= to ? 'end of the recording' : 'replay paused', 'warning')];
}

function connectionLine(
  { sampler }: Model,
  { status, ageSeconds, intervalMs }: Connection,
  isPast: boolean,
  theme: Theme,
): Line {
  const age = formatSeconds(ageSeconds);
  if (status === 'silent') return [span(`silent ${age}`, 'critical')];
  if (status === 'ended') return [span('ended', 'warning')];
  if (status === 'starting') return [span('starting', 'dim')];
  if (isPast) return [span(`paused, ${age} old`, 'warning')];
  if (sampler.slowed !== null) {
    const { intervalMs: slowedMs, budgetPercent } = sampler.slowed;
    return [
      span(theme.glyphs.live, 'good'),
      span(` live ${formatMs(slowedMs)}`),
      span(` (own CPU over ${budgetPercent}%)`, 'warning'),
    ];
  }
  return [span(theme.glyphs.live, 'good'), span(` live ${formatMs(intervalMs)}`)];
}
