import { countOf, formatCount } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import { formatMoment } from '../../../base/moments.ts';
import { formatPercent } from '../../../base/percent.ts';
import { type RemoteRow, remoteRanks } from '../../../remote/remote-row.ts';
import type { RemoteSnapshot } from '../../../remote/remote-source.ts';
import { clean } from '../../text.ts';
import { type ListPane, listPane } from '../list/list-pane.ts';
import { type Line, span, spread } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';

/** The id of the only pane. */
export const remotePaneId = 'nodes';

/** The list of the nodes. */
export function remotePane({ rows }: RemoteSnapshot, theme: Theme): ListPane {
  return listPane<RemoteRow>({
    id: remotePaneId,
    title: 'Nodes',
    columns,
    rows,
    theme,
    key: ({ name }) => name,
    name: ({ name }) => clean(name),
    summary: [span(countOf(rows.length, 'node'))],
    empty: [],
    details: (row, _, { zone }) => detailsOf(row, zone),
  });
}

/** What the nodes come to. */
export function remoteHeader({ rows, paused }: RemoteSnapshot, columns: number): Line[] {
  const of = (worst: RemoteRow['worst'], isLive?: boolean): number =>
    rows.filter((row) => row.worst === worst && (isLive === undefined || isLive === (row.status === 'live'))).length;
  const parts: readonly (readonly [number, string, Tone])[] = [
    [of('critical'), 'critical', 'critical'],
    [of('warning'), 'warning', 'warning'],
    [of('unknown', false), 'not seen', 'critical'],
    [of('unknown', true), 'not judged', 'warning'],
    [of('ok'), 'without findings', 'good'],
  ];
  const shown = parts.filter(([count]) => count > 0);
  const left: Line = [
    span(' rtwatch remote', 'title'),
    ...shown.flatMap(
      ([count, word, tone], index): Line => [
        span(index === 0 ? '  ' : ' · ', 'dim'),
        span(`${formatCount(count)} ${word}`, tone),
      ],
    ),
  ];
  return [spread(left, paused ? [span('paused ', 'warning')] : [], columns)];
}

const toneOf = (worst: RemoteRow['worst']): Tone =>
  worst === 'ok' ? 'good' : worst === 'warning' ? 'warning' : 'critical';

const columns: readonly Column<RemoteRow>[] = [
  {
    id: 'node',
    title: 'NODE',
    width: 'flex',
    cut: 'middle',
    enough: 24,
    text: ({ name }) => clean(name),
    by: ({ name }) => name,
  },
  {
    id: 'state',
    title: 'STATE',
    width: 12,
    text: stateText,
    tone: ({ status }) => (status === 'live' ? 'good' : status === 'silent' ? 'critical' : 'dim'),
    by: ({ status }) => (status === 'silent' ? 0 : status === 'connecting' ? 1 : 2),
  },
  {
    id: 'worst',
    title: 'WORST',
    width: 8,
    text: ({ worst }) => (worst === 'unknown' ? '' : worst),
    tone: ({ worst }) => toneOf(worst),
    by: ({ worst }) => remoteRanks[worst],
  },
  {
    id: 'since',
    title: 'SINCE',
    width: 8,
    align: 'right',
    text: ({ since, at }) => (since === null ? '' : formatSeconds(Math.max(0, (at - since) / 1000))),
    by: ({ since }) => since ?? Number.MAX_VALUE,
  },
  {
    id: 'stuck',
    title: 'STUCK',
    width: 5,
    align: 'right',
    drop: 1,
    text: ({ stuck }) => formatCount(stuck),
    by: ({ stuck }) => -(stuck ?? -1),
  },
  {
    id: 'goroutines',
    title: 'GOROUTINES',
    width: 10,
    align: 'right',
    drop: 3,
    spare: 3,
    text: ({ goroutines }) => formatCount(goroutines),
    by: ({ goroutines }) => -(goroutines ?? -1),
  },
  {
    id: 'io',
    title: 'I/O PSI',
    width: 7,
    align: 'right',
    drop: 2,
    spare: 2,
    text: ({ ioPressure }) => formatPercent(ioPressure),
    by: ({ ioPressure }) => -(ioPressure ?? -1),
  },
  { id: 'findings', title: 'FINDINGS', width: 'flex', enough: 30, text: whatText },
];

function stateText({ status, silentMs }: RemoteRow): string {
  if (status === 'silent' && silentMs !== null) return `silent ${formatMs(silentMs)}`;
  return status;
}

/** Why it is not seen, then its findings. */
function whatText({ detail, findings, worst, unjudged, status }: RemoteRow): string {
  const titles = findings.map(({ title }) => clean(title));
  if (worst === 'unknown' && status === 'live') return `${countOf(unjudged, 'rule')} cannot be judged`;
  const parts = detail === null ? titles : [clean(detail), ...titles];
  return parts.length === 0 && worst === 'ok' ? 'nothing found' : parts.join(' · ');
}

function detailsOf({ detail, findings, since, at }: RemoteRow, zone: Theme['zone']): Line[] {
  return [
    ...(detail === null ? [] : [[span(detail, 'critical')]]),
    ...(since === null ? [] : [[span('since ', 'dim'), span(formatMoment(since, at, zone))]]),
    ...findings.map(
      ({ severity, title, summary }): Line => [
        span(`${severity} `, toneOf(severity === 'critical' ? 'critical' : 'warning')),
        span(`${title}  `, 'strong'),
        span(summary),
      ],
    ),
    [span('Enter opens the screen of the node.', 'dim')],
  ];
}
