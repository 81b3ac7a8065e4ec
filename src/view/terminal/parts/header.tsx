import type { ReactNode } from 'react';
import { formatBytes } from '../../../base/bytes.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import { formatClock } from '../../../base/moments.ts';
import { blindSpots } from '../../../model/blind-spots.ts';
import type { Model } from '../../../model/model.ts';
import type { TimelineView } from '../../../timeline/timeline-view.ts';
import { clean } from '../../text.ts';
import type { Connection } from '../connection.ts';
import type { Theme } from '../theme.ts';
import { formatSpeed } from '../timeline.ts';
import { type Line, LineRow, lineWidth, type Span, span, spread } from './line.tsx';

interface HeaderProps {
  readonly model: Model;
  readonly connection: Connection;
  readonly theme: Theme;
  readonly columns: number;
  readonly timeline?: TimelineView | null;
}

/** ` rtwatch  node-7 · Linux 4.19.25 · docker 19.03.15 · up 41d        ● live 1s  17:01:41` */
export function Header({ model, connection, theme, columns, timeline = null }: HeaderProps): ReactNode {
  const { host } = model;
  const versions = model.daemons
    .filter(({ version }) => version !== null)
    .map(({ name, version }) => `${name === 'dockerd' ? 'docker' : name} ${version}`);
  const facts =
    host === null
      ? []
      : [
          host.hostname,
          `Linux ${host.kernel}`,
          ...versions,
          `up ${formatSeconds(host.uptimeSeconds)}`,
          host.distribution,
        ];
  const blind = blindSpots(model).some(({ id }) => id === 'pid-namespace');
  const shown = facts
    .filter((fact) => fact !== null)
    .map((fact, index) => span(clean(fact), index === 0 ? 'strong' : 'plain'));
  // Before the versions: everything below shows this PID namespace only.
  if (blind) shown.splice(1, 0, span('not the host’s PID namespace', 'warning'));
  const clock = model.at === 0 ? '' : `  ${formatClock(model.at, theme.zone)} `;
  const source =
    timeline?.kind === 'replay'
      ? replayLine(timeline, theme)
      : connectionLine(model, connection, timeline !== null, theme);
  const right: Line = [span(' '), ...recordingLine(connection, theme), ...source, span(clock, 'dim')];
  const left: Span[] = [span(' rtwatch', 'title')];
  for (const [index, fact] of shown.entries()) {
    const next = [span(index === 0 ? '  ' : ' · ', 'dim'), fact];
    // Whole facts only; the first matter most.
    if (lineWidth([...left, ...next, ...right]) > columns) break;
    left.push(...next);
  }
  return <LineRow line={spread(left, right, columns)} theme={theme} />;
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
