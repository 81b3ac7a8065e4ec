import { formatBytes } from '../../../base/bytes.ts';
import { formatCount, formatDecimal, nothing } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { DaemonModel } from '../../../model/daemons/daemons.ts';
import type { Model } from '../../../model/model.ts';
import type { Series } from '../../../model/series.ts';
import { beforeText, bytesPerMinute, fdGrowthText, perMinute, rssGrowthText } from '../../growth.ts';
import { clean } from '../../text.ts';
import type { Line } from '../parts/line.ts';
import { sparkline } from '../parts/sparkline.ts';
import type { Theme } from '../theme/theme.ts';
import { detail } from './pane.ts';

/** Values of a trend. */
export const sparkWidth = 40;
/** A daemon in good health has as much: less does not fill the height of its trend. */
export const leastGoroutines = 50;
const leastFds = 50;
const leastBytes = 32 * 1024 ** 2;

/** A figure over time. */
interface Trend {
  readonly series: Series;
  readonly format: (value: number) => string;
  /** What fills the height at least. */
  readonly least: number;
}

const bytes = (series: Series): Trend => ({ series, format: formatBytes, least: leastBytes });

/** Everything about one daemon. */
export function daemonDetails(daemon: DaemonModel, theme: Theme, model: Model): Line[] {
  const { process } = daemon;
  // Growth before the sparkline: a narrow page cuts the end.
  const figure = (text: string, growth: string, { series, format, least }: Trend): string => {
    const shown = series.slice(-sparkWidth);
    const before = beforeText(shown, format, theme.glyphs.change);
    const line = sparkline(shown, sparkWidth, theme.glyphs.levels, { least });
    return [`${before}${text}`, growth, line].filter((part) => part !== '').join('  ');
  };
  return [
    detail('pid', String(process?.pid ?? nothing)),
    detail('version', clean([daemon.version ?? nothing, daemon.goVersion ?? ''].join('  ').trim())),
    detail('started', `${formatSeconds(process?.ageSeconds ?? null)} ago`),
    detail('debug endpoint', clean(daemon.endpoint ?? 'none known')),
    detail(
      'goroutines',
      figure(goroutinesText(daemon), perMinute(daemon.goroutineGrowthPerMinute), {
        series: daemon.goroutinesSeries,
        format: formatCount,
        least: leastGoroutines,
      }),
    ),
    detail(
      'heap in use',
      figure(formatBytes(daemon.heapBytes), bytesPerMinute(daemon.heapBytesGrowthPerMinute), bytes(daemon.heapSeries)),
    ),
    detail('resident', figure(formatBytes(process?.rssBytes ?? null), rssGrowthText(daemon), bytes(daemon.rssSeries))),
    detail(
      'descriptors',
      figure(`${formatCount(process?.fds ?? null)} of ${formatCount(process?.fdLimit ?? null)}`, fdGrowthText(daemon), {
        series: daemon.fdSeries.map(({ value }) => value),
        format: formatCount,
        least: leastFds,
      }),
    ),
    ...fdKindLines(daemon),
    ...fileHandleLines(model),
    detail('threads', formatCount(process?.threads ?? null)),
    detail('mount namespace', clean(daemon.mountNamespace ?? nothing)),
    ...settingsLines(daemon),
    ...(daemon.detail === null ? [] : [detail('note', clean(daemon.detail))]),
    ...(daemon.goroutines.status === 'ok' ? [] : [detail('pprof', clean(daemon.goroutines.detail))]),
  ];
}

/** The goroutine count, or why there is none. */
export function goroutinesText(daemon: DaemonModel): string {
  if (daemon.status === 'gone') return 'not running';
  if (daemon.status === 'absent') return 'not found';
  switch (daemon.goroutines.status) {
    case 'ok':
      return formatCount(daemon.goroutines.value);
    case 'pending':
      return daemon.goroutines.forMs < 1000 ? '' : 'no answer';
    case 'failed':
      return 'no answer';
    case 'absent':
      return 'no pprof';
  }
}

/** The kinds of its descriptors, and how many connections have lost their peer. */
function fdKindLines({ fdKinds, goroutinesPerFd }: DaemonModel): Line[] {
  if (fdKinds === null) return [];
  const { sockets, accepted, peerless, pipes, files, anonymous, unseen } = fdKinds;
  const connections =
    accepted === null ? '' : ` (${formatCount(accepted)} accepted, ${formatCount(peerless)} without a peer)`;
  const parts = [
    `${formatCount(sockets)} sockets${connections}`,
    `${formatCount(pipes)} pipes`,
    `${formatCount(files)} files`,
    `${formatCount(anonymous)} other`,
    ...(unseen === 0 ? [] : [`${formatCount(unseen)} not examined`]),
  ];
  return [
    detail('', parts.join(', ')),
    ...(goroutinesPerFd === null
      ? []
      : [detail('', `${formatDecimal(goroutinesPerFd)} more goroutines per additional descriptor`)]),
  ];
}

/** Open files of the whole node: one limit for all processes. */
function fileHandleLines({ fileHandles }: Model): Line[] {
  if (fileHandles === null) return [];
  const { allocated, max } = fileHandles;
  // Without a limit it is LONG_MAX, above what a number holds exactly.
  const limit = max > Number.MAX_SAFE_INTEGER ? 'no limit' : formatCount(max);
  return [detail('whole node', `${formatCount(allocated)} open files of ${limit}`)];
}

function settingsLines({ settings }: DaemonModel): Line[] {
  if (settings === null) return [];
  const { rootDir, liveRestore, storageDriver, cgroupDriver, cgroupVersion, loggingDriver, debug } = settings;
  return [
    detail('data root', clean(`${rootDir} (${storageDriver})`)),
    detail('live-restore', liveRestore ? 'on' : 'off'),
    detail('cgroups', clean(cgroupVersion === null ? cgroupDriver : `${cgroupDriver}, version ${cgroupVersion}`)),
    detail('logging', `${clean(loggingDriver)}${debug ? ', debug messages on' : ''}`),
  ];
}
