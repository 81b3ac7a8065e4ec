import { countOf, formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatTime } from '../../../base/moments.ts';
import type { Zone } from '../../../base/zone.ts';
import type { Model } from '../../../model/model.ts';
import type { LeakReport } from '../../../model/mounts/explanation.ts';
import type { MountHolder } from '../../../model/mounts/holder.ts';
import type { LeakedMount } from '../../../model/mounts/leaks.ts';
import type { NamespaceModel } from '../../../model/mounts/mounts.ts';
import type { NamespaceHolder } from '../../../sample/mounts.ts';
import { fewUnreadable } from '../../few-unreadable.ts';
import { leakName } from '../../report/mounts.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Tone } from '../theme/tones.ts';
import { pane } from './guarded.ts';
import { detail } from './pane.ts';

type Leak = LeakedMount & LeakReport;

/** Leaked mounts first, then the namespaces that hold container mounts. */
type Row = { readonly leak: Leak } | { readonly namespace: NamespaceModel };

const maxNamedProcesses = 24;

export const mountsPane = pane<Row>({
  title: 'Mounts',
  source: 'mounts',
  beside: 'left',
  rows: ({ mounts }) =>
    mounts === null
      ? null
      : [...mounts.leaks.map((leak) => ({ leak })), ...mounts.list.map((namespace) => ({ namespace }))],
  key: (row) => ('leak' in row ? `leak ${row.leak.key}` : row.namespace.inode),
  subjects: (row) => ('leak' in row ? { mounts: row.leak.paths } : {}),
  states: (row) => ('leak' in row ? [row.leak.containerState] : []),
  label: (row) => ('leak' in row ? (row.leak.paths[0] ?? row.leak.key) : `namespace ${row.namespace.inode}`),
  columns: [
    {
      id: 'namespace',
      title: 'namespace',
      width: 10,
      text: (row) => ('leak' in row ? clean(row.leak.containerState) : row.namespace.inode),
      tone: (row) => ('leak' in row ? leakTone(row.leak) : 'plain'),
      by: (row) => ('leak' in row ? 0 : Number(row.namespace.inode)),
    },
    {
      id: 'holders',
      title: 'held by',
      width: 'flex',
      // The owner is at the start, the holder at the end.
      cut: 'middle',
      // In half a screen the names say more than the counts.
      enough: 30,
      text: holdersText,
      tone: (row) => ('leak' in row ? leakTone(row.leak) : row.namespace.host ? 'strong' : 'plain'),
      by: holdersText,
    },
    count('procs', 'processes', 5, 2, (row) =>
      'leak' in row ? row.leak.holders.reduce((sum, holder) => sum + holder.count, 0) : row.namespace.processes,
    ),
    count('overlay', 'overlay', 7, undefined, (row) => of(row, 'overlay', ({ overlays }) => overlays)),
    { ...count('shm', 'shm', 4, 1, (row) => of(row, 'shm', ({ shms }) => shms)), spare: 2 },
    { ...count('nsfs', 'nsfs', 4, 1, (row) => of(row, 'nsfs', ({ nsfs }) => nsfs)), spare: 1 },
    {
      ...count('all', 'all', 5, 3, (row) => ('leak' in row ? null : row.namespace.total)),
      tone: () => 'dim',
      spare: 3,
    },
  ],
  summary: ({ mounts }) => {
    if (mounts === null) return [];
    const { list, namespaces, leaks, moreLeaks } = mounts;
    if (leaks.length === 0) {
      return [span(`container mounts in ${list.length} of ${formatCount(namespaces)} namespaces`, 'dim')];
    }
    const holding = new Set(leaks.flatMap(({ holders }) => holders.map(({ namespace }) => namespace))).size;
    const tone = leaks.some((leak) => leakTone(leak) === 'critical') ? 'critical' : 'warning';
    return [
      span(`${formatCount(leaks.length + moreLeaks)} leaked`, tone),
      span(` in ${countOf(holding, 'namespace')}`, 'dim'),
    ];
  },
  empty: ({ mounts }) =>
    (mounts?.unreadable ?? 0) > fewUnreadable
      ? `none seen; ${formatCount(mounts?.unreadable ?? 0)} processes hide their mounts: run as root`
      : 'no container mounts',
  containerOf: (row) => ('leak' in row ? row.leak.containerId : null),
  copyOf: (row) => ('leak' in row ? (row.leak.free[0]?.command ?? row.leak.paths[0] ?? null) : row.namespace.inode),
  details: (row, { zone }, model) =>
    'leak' in row ? leakDetails(row.leak, model, zone) : namespaceDetails(row.namespace),
});

/** A column of integers, largest first; empty where the number has no meaning. */
function count(
  title: string,
  id: string,
  width: number,
  drop: number | undefined,
  value: (row: Row) => number | null,
): {
  id: string;
  title: string;
  width: number;
  align: 'right';
  text: (row: Row) => string;
  by: (row: Row) => number;
  drop?: number;
} {
  return {
    id,
    title,
    width,
    align: 'right',
    ...(drop === undefined ? {} : { drop }),
    text: (row) => formatted(value(row)),
    by: (row) => -(value(row) ?? 0),
  };
}

function formatted(value: number | null): string {
  return value === null ? '' : formatCount(value);
}

/** The number of mounts of a type; of a leak, the number of places. */
function of(row: Row, type: Leak['type'], counted: (namespace: NamespaceModel) => number): number | null {
  if (!('leak' in row)) return counted(row.namespace);
  if (row.leak.type !== type) return null;
  return row.leak.reason === 'network'
    ? row.leak.atLeast
    : row.leak.holders.reduce((sum, { paths }) => sum + paths.length, 0);
}

function leakTone({ blocks, containerState }: Leak): Tone {
  return blocks === 'removal' && containerState !== 'running' ? 'critical' : 'warning';
}

function holdersText(row: Row): string {
  if ('leak' in row) {
    const { holders } = row.leak;
    return clean(`${leakName(row.leak)} ← ${holders.map(({ label }) => label).join(', ')}`);
  }
  const { namespace } = row;
  const who = namespace.label;
  return clean(namespace.detail === null ? who : `${who}: ${namespace.detail}`);
}

/** The mount, its container, since when, its holders, the reason, the impact and the fix. */
function leakDetails(leak: Leak, { at, mounts, sources }: Model, zone: Zone): Line[] {
  const age = sources.find(({ name }) => name === 'mounts')?.ageMs ?? 0;
  const startOf = (process: NamespaceHolder): string => formatTime(at - age - process.ageSeconds * 1000, at, zone);
  const homes = (mounts?.homes ?? []).map(
    ({ name, pid, namespace, startedAt }) =>
      `${name} ${pid} in ${namespace}, started ${formatTime(startedAt, at, zone)}`,
  );
  return [
    detail('mount', clean(`${leak.type} ${leak.device}${leak.layer === null ? '' : `, layer ${leak.layer}`}`)),
    ...(leak.reason === 'network' ? [] : [detail('container', clean(containerText(leak)))]),
    detail('since', `${sinceText(leak)}; ${leak.confidence}`),
    ...(leak.error === null ? [] : [detail('engine error', clean(leak.error))]),
    ...homes.map((text) => detail('daemon', clean(text))),
    ...leak.holders.flatMap((holder) => holderLines(holder, startOf)),
    ...(leak.morePlaces > 0 ? [detail('', `and in ${formatCount(leak.morePlaces)} more places`)] : []),
    ...leak.why.map((text) => detail('why', clean(text))),
    detail('impact', clean(leak.consequence)),
    ...leak.lines.map((text) => detail('log', clean(text))),
    // Alone on its line, so that it can be copied whole.
    ...leak.free.flatMap(({ text, command, risk }) => [
      detail('fix', `${clean(text)} (risk: ${risk})`),
      ...(command === null ? [] : [[span(clean(command), 'key')]]),
    ]),
  ];
}

/** `web-1 3f2a…, exited`; the label of one that is gone says so itself. */
function containerText({ label, containerId, containerState }: Leak): string {
  return containerId === null ? label : `${label} ${containerId}, ${containerState}`;
}

function sinceText({ fromStart, seconds }: Leak): string {
  if (!fromStart) return `${formatSeconds(seconds)} ago`;
  return seconds < 1 ? 'the first sample' : `the first sample, ${formatSeconds(seconds)} ago`;
}

function holderLines(holder: MountHolder, startOf: (process: NamespaceHolder) => string): Line[] {
  const named = holder.processes.slice(0, maxNamedProcesses);
  const more = holder.count - named.length;
  return [
    detail('held by', clean(`${holder.label}, mount namespace ${holder.namespace}, ${holder.propagation}`)),
    ...holder.paths.map((path) => detail('', clean(path))),
    ...named.map((process) => detail('', clean(`${process.comm} ${process.pid}, started ${startOf(process)}`))),
    ...(more > 0 ? [detail('', `and ${formatCount(more)} more processes`)] : []),
  ];
}

function namespaceDetails(namespace: NamespaceModel): Line[] {
  return [
    detail('mount namespace', clean(`${namespace.inode}: ${namespace.label}`)),
    detail(
      'processes',
      `${namespace.processes}: ${clean(namespace.holders.map(({ pid, comm }) => `${comm} ${pid}`).join(', '))}`,
    ),
    detail('mounts', `${namespace.total} in total, ${namespace.mounts.length} of containers`),
    ...(namespace.detail === null ? [] : [detail('unreadable', clean(namespace.detail))]),
    ...namespace.mounts.map((mount) => detail(`${mount.type} ${mount.propagation}`, clean(mount.path))),
  ];
}
