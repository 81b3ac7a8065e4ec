import { formatBytes } from '../../../base/bytes.ts';
import { formatCount, nothing } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import type { DaemonModel } from '../../../model/daemons/daemons.ts';
import { otherDaemonText } from '../../../model/daemons/others.ts';
import type { Model } from '../../../model/model.ts';
import type { CriRuntime } from '../../../sample/cri.ts';
import type { Reading } from '../../../sample/reading.ts';
import { beforeText, fdGrowthText, perMinute, rssGrowthText } from '../../growth.ts';
import { clean, widthOf } from '../../text.ts';
import { chartsOfDaemon, chartsRows } from '../parts/charts-panel.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import { sparkline } from '../parts/sparkline.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { daemonDetails, goroutinesText, leastGoroutines, sparkWidth } from './daemons-details.ts';
import { pane } from './guarded.ts';

/** The pane mentions a restart for this long. */
const restartNewsSeconds = 300;
/** Share of the descriptor limit. */
const manyFds = 0.8;
/** A limit nearer than this gets a line in the pane. */
const soonSeconds = 86_400;

export const daemonsPane = pane<DaemonModel>({
  title: 'Daemons',
  source: 'daemons',
  beside: 'right',
  rows: (model) => (model.daemons.length === 0 ? null : foundOf(model.daemons)),
  key: (daemon) => daemon.name,
  subjects: (daemon) => ({ daemons: [daemon.name] }),
  label: (daemon) => daemon.name,
  columns: [
    { id: 'name', title: 'daemon', width: 10, text: (daemon) => clean(daemon.name), by: (daemon) => daemon.name },
    {
      id: 'goroutines',
      title: 'goroutines',
      width: 11,
      align: 'right',
      text: changeText,
      tone: goroutinesTone,
      by: (daemon) => -(daemon.goroutines.status === 'ok' ? daemon.goroutines.value : -1),
    },
    {
      id: 'trend',
      title: '',
      width: 8,
      drop: 2,
      text: (daemon, width, theme) =>
        sparkline(daemon.goroutinesSeries, width, theme.glyphs.levels, { least: leastGoroutines }),
      tone: () => 'key',
    },
    {
      id: 'heap',
      title: 'heap',
      width: 8,
      align: 'right',
      text: (daemon) => formatBytes(daemon.heapBytes),
      by: (daemon) => -(daemon.heapBytes ?? -1),
    },
    {
      id: 'rss',
      title: 'rss',
      width: 8,
      align: 'right',
      text: (daemon) => formatBytes(daemon.process?.rssBytes ?? null),
      by: (daemon) => -(daemon.process?.rssBytes ?? -1),
    },
    {
      id: 'fds',
      title: 'fds',
      width: 6,
      align: 'right',
      text: (daemon) => String(daemon.process?.fds ?? nothing),
      tone: fdTone,
      by: (daemon) => -(daemon.process?.fds ?? -1),
    },
    {
      id: 'growth',
      title: 'growth',
      align: 'right',
      width: 9,
      drop: 3,
      ifAny: true,
      text: (daemon) => perMinute(daemon.fdGrowthPerMinute),
      tone: fdTone,
      by: (daemon) => -(daemon.fdGrowthPerMinute ?? 0),
    },
    {
      id: 'limit',
      title: 'of',
      width: 9,
      drop: 7,
      align: 'right',
      text: (daemon) => formatCount(daemon.process?.fdLimit ?? null),
      tone: () => 'dim',
    },
    {
      id: 'threads',
      title: 'thr',
      width: 5,
      drop: 5,
      align: 'right',
      text: (daemon) => formatCount(daemon.process?.threads ?? null),
    },
    {
      id: 'pid',
      title: 'pid',
      width: 8,
      drop: 4,
      align: 'right',
      text: (daemon) => String(daemon.process?.pid ?? nothing),
    },
    {
      id: 'age',
      title: 'up',
      width: 8,
      drop: 6,
      align: 'right',
      text: (daemon) => formatSeconds(daemon.process?.ageSeconds ?? null),
    },
    { id: 'version', title: 'version', width: 'flex', drop: 8, text: (daemon) => clean(daemon.version ?? '') },
  ],
  notes: (model, _theme, width) => [
    // A low pane shows the first notes only.
    ...model.daemons.flatMap(newsOf),
    ...(model.daemons.length === 0 ? [] : apiLines(model)),
    ...model.otherDaemons.flatMap((other) => wrapSpans([span(clean(otherDaemonText(other)), 'dim')], width)),
  ],
  summary: (model) => {
    const gone = model.daemons.filter(({ status }) => status === 'gone').length;
    return gone === 0 ? [] : [span(`${gone} gone`, 'critical')];
  },
  folded: ({ daemons, otherDaemons }) =>
    daemons.flatMap((daemon, index) => {
      const isElsewhere = daemon.status === 'absent' && otherDaemons.some(({ name }) => name === daemon.name);
      return [
        span(`${index === 0 ? '' : ' · '}${clean(daemon.name)} `, 'dim'),
        isElsewhere ? span('on another socket', 'warning') : span(foldedText(daemon), goroutinesTone(daemon)),
      ];
    }),
  empty: () => 'no daemon to watch',
  zoomed: (daemon, { width, rows, ...input }) => chartsRows(input, chartsOfDaemon(daemon), width, rows),
  daemonOf: (daemon) => daemon.name,
  copyOf: (daemon) => daemon.endpoint,
  details: daemonDetails,
});

/** A node has one kind of engine: which it has not is of interest only where there is none. */
function foundOf(daemons: readonly DaemonModel[]): readonly DaemonModel[] {
  const found = daemons.filter(({ status }) => status !== 'absent');
  return found.length === 0 ? daemons : found;
}

/** `533 goroutines`, or why they are not known. */
function foldedText(daemon: DaemonModel): string {
  const text = goroutinesText(daemon);
  return daemon.goroutines.status === 'ok' && text !== 'not running' && text !== 'not found'
    ? `${text} goroutines`
    : text;
}

/** `54→660`: with the number at the beginning of the details' trend, where it has changed and the column has room. */
function changeText(daemon: DaemonModel, width: number, { glyphs }: Theme): string {
  const now = goroutinesText(daemon);
  if (daemon.goroutines.status !== 'ok') return now;
  const text = `${beforeText(daemon.goroutinesSeries.slice(-sparkWidth), formatCount, glyphs.change)}${now}`;
  return widthOf(text) <= width ? text : now;
}

function goroutinesTone(daemon: DaemonModel): Tone {
  if (daemon.status === 'gone') return 'critical';
  if (daemon.status === 'absent' || daemon.goroutines.status === 'absent') return 'dim';
  return daemon.goroutines.status === 'ok' ? 'strong' : 'warning';
}

function fdTone(daemon: DaemonModel): Tone {
  if (fdShare(daemon) > manyFds) return 'critical';
  return (daemon.fdExhaustionSeconds ?? Number.POSITIVE_INFINITY) < soonSeconds ? 'warning' : 'plain';
}

function fdShare({ process }: DaemonModel): number {
  return process?.fds == null || process.fdLimit === null ? 0 : process.fds / process.fdLimit;
}

/** Of the engine; where there is none, of each containerd and CRI-O that is asked. */
function apiLines(model: Model): Line[] {
  const source = model.sources.find(({ name }) => name === 'containers');
  const ping = model.daemons.find(({ isEngine }) => isEngine)?.ping;
  const runtimes = (model.cri?.runtimes ?? []).map((runtime) => runtimeLine(runtime, model.daemons));
  // One that was named and is not there: a ping of containerd is not its own.
  const isMissing = source?.status === 'failed' && (ping === undefined || ping.status === 'absent');
  if (isMissing) return [[span(clean(source.detail ?? 'no container engine'), 'warning')], ...runtimes];
  if (source?.status !== 'absent') return [apiLine(model, ping)];
  return runtimes.length > 0 ? runtimes : [[span(clean(source.detail ?? 'no container engine'), 'dim')]];
}

/** `containerd ping 1ms · list 3ms · events live` */
function runtimeLine(runtime: CriRuntime, daemons: readonly DaemonModel[]): Line {
  const { kind, pid, ping, containerList, events } = runtime;
  const name = daemons.find(({ process }) => process !== null && process.pid === pid)?.name ?? kind;
  return [
    span(`${clean(name)} ping `, 'dim'),
    readingSpan(ping, ({ ms }) => formatMs(ms)),
    span(' · list ', 'dim'),
    containerList.status === 'absent' ? span('no CRI', 'dim') : readingSpan(containerList, ({ ms }) => formatMs(ms)),
    // CRI-O has no stream that can be read without taking events from the kubelet.
    ...(events.status === 'absent'
      ? []
      : [span(' · events ', 'dim'), events.status === 'ok' ? span('live', 'good') : span('not live', 'warning')]),
  ];
}

/** `api ping 3 ms · list 41 ms · events live` */
function apiLine({ containers, sources }: Model, ping: DaemonModel['ping'] | undefined): Line {
  const source = sources.find(({ name }) => name === 'containers');
  return [
    span('api ping ', 'dim'),
    ping === undefined || ping.status === 'absent' ? span(nothing) : readingSpan(ping, ({ ms }) => formatMs(ms)),
    span(' · list ', 'dim'),
    source?.status === 'ok' && containers !== null
      ? span(formatMs(containers.listMs), containers.listMs > 1000 ? 'warning' : 'plain')
      : span(source?.status === 'pending' ? `unanswered ${formatMs(source.tookMs)}` : 'no answer', 'warning'),
    span(' · events ', 'dim'),
    containers?.events.status === 'ok' && source?.status === 'ok' ? span('live', 'good') : span('not live', 'warning'),
  ];
}

function readingSpan<T>(reading: Reading<T>, show: (value: T) => string): Span {
  if (reading.status === 'ok') return span(show(reading.value));
  if (reading.status === 'pending')
    return span(reading.forMs < 1000 ? nothing : `unanswered ${formatMs(reading.forMs)}`, 'warning');
  return span('no answer', 'warning');
}

/** What happened to a daemon while rtwatch watched it. */
function newsOf(daemon: DaemonModel): Line[] {
  return [...changeOf(daemon), ...exhaustionOf(daemon)];
}

/** `dockerd: descriptors +12/min, limit in 3h 10m`: one line each, so that none is cut. */
function exhaustionOf(daemon: DaemonModel): Line[] {
  const isSoon = (seconds: number | null): boolean => seconds !== null && seconds < soonSeconds;
  return [
    ...(isSoon(daemon.fdExhaustionSeconds) ? [['descriptors', fdGrowthText(daemon)]] : []),
    ...(isSoon(daemon.rssExhaustionSeconds) ? [['memory', rssGrowthText(daemon)]] : []),
  ].flatMap(([what, text]) => (text === '' ? [] : [[span(`${clean(daemon.name)}: ${what} ${text}`, 'warning')]]));
}

function changeOf(daemon: DaemonModel): Line[] {
  if (daemon.goneSeconds !== null) {
    return [
      [
        span(
          `${clean(daemon.name)} gone for ${formatSeconds(daemon.goneSeconds)}, was pid ${daemon.lastPid}`,
          'critical',
        ),
      ],
    ];
  }
  if (daemon.restartedSeconds !== null && daemon.restartedSeconds < restartNewsSeconds) {
    return [
      [
        span(
          `${clean(daemon.name)} restarted ${formatSeconds(daemon.restartedSeconds)} ago, now pid ${daemon.process?.pid ?? nothing}`,
          'warning',
        ),
      ],
    ];
  }
  return [];
}
