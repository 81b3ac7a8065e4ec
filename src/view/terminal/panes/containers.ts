import { formatTimes } from '../../../base/counts.ts';
import { formatTime } from '../../../base/moments.ts';
import type { ContainerModel } from '../../../model/containers/container.ts';
import type { ContainersModel } from '../../../model/containers/containers.ts';
import type { Model } from '../../../model/model.ts';
import { type ResolvedContainer, resolvedContainers } from '../../../rules/engine/container-outcomes.ts';
import { missingListText } from '../../missing-list.ts';
import { resolvedText } from '../../resolved-containers.ts';
import { stuckFor } from '../../stuck-for.ts';
import { clean } from '../../text.ts';
import { labelWidth } from '../pages/fields.ts';
import { taskLines } from '../pages/task-tree.ts';
import { type Line, span } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { figureColumn, figures, useLines } from './containers-use.ts';
import { pane } from './guarded.ts';
import { detail } from './pane.ts';

export const containersPane = pane<ContainerModel>({
  title: 'Containers',
  source: 'containers',
  // Of several runtimes one may answer.
  listAgeMs: ({ containers, cri }) => (cri?.runtimes.length === 1 ? (containers?.listAgeMs ?? null) : null),
  beside: 'left',
  rows: (model) => model.containers?.list ?? null,
  key: (container) => container.id,
  subjects: (container) => ({ containers: [container.id] }),
  states: ({ state, stuck }) => [state, ...(stuck ? ['stuck'] : [])],
  label: (container) => container.label,
  columns: [
    {
      id: 'id',
      title: 'id',
      width: 12,
      drop: 3,
      spare: 9,
      ifAny: true,
      // A container without a known name is called by its id.
      text: ({ id, label }) => (label === shortId(id) ? '' : clean(shortId(id))),
      tone: () => 'dim',
    },
    {
      id: 'name',
      title: 'name',
      width: 'flex',
      // Pod and container are at the end, the namespace at the start.
      cut: 'middle',
      text: (container) => clean(container.label),
      by: (container) => container.label,
    },
    {
      id: 'state',
      title: 'state',
      width: 10,
      text: (container) => clean(container.state),
      tone: stateTone,
      by: (container) => container.state,
    },
    {
      id: 'for',
      title: 'for',
      width: 8,
      shrinks: true,
      align: 'right',
      drop: 2,
      ifAny: true,
      text: stuckFor,
      tone: stateTone,
      by: (container) => -(container.stuckSeconds ?? -1),
    },
    figureColumn({ id: 'cpu', title: 'cpu', width: 5, spare: 1 }, figures.cpu),
    figureColumn({ id: 'memory', title: 'memory', width: 8, spare: 2 }, figures.memory),
    figureColumn({ id: 'limit', title: 'limit', width: 5, spare: 3 }, figures.limit),
    figureColumn({ id: 'io', title: 'io wait', width: 7, spare: 4 }, figures.io),
    figureColumn({ id: 'oom', title: 'oom', width: 4, spare: 5 }, figures.oom),
    figureColumn({ id: 'pids', title: 'pids', width: 6, spare: 6 }, figures.pids),
    figureColumn({ id: 'restarts', title: 'restarts', width: 8, spare: 7 }, figures.restarts),
    figureColumn({ id: 'log', title: 'log', width: 8, spare: 8 }, figures.log),
    {
      id: 'reason',
      title: 'why',
      width: 'flex',
      enough: 36,
      drop: 1,
      text: (container) => clean(shortReason(container)),
      tone: (container) => (container.reason === null ? 'dim' : 'plain'),
    },
  ],
  notes: ({ containers, sources, at }, _theme, _width, verdicts) => [
    ...(containers?.listAgeMs === null ? [[span(`list from /proc: ${missingListText({ sources })}`, 'warning')]] : []),
    // One that is in the list has its row, and the finding about it says how long it was stuck.
    ...resolvedContainers(verdicts)
      .filter(({ id }) => containers?.list.every((one) => one.id !== id) ?? true)
      .slice(0, maxResolvedNotes)
      .map((one) => resolvedLine(one, at)),
  ],
  summary: ({ containers }) => (containers === null ? [] : summaryLine(containers)),
  empty: () => 'no containers',
  containerOf: (container) => container.id,
  copyOf: (container) => container.id,
  details: (container, theme, model) => [
    ...identityLines(container),
    ...(container.stuck || container.evidence.length > 0 ? troubleLines(container, theme, model) : []),
    ...processLines(container),
    ...useLines(container),
    ...taskLines(model, container.id, theme, detailsWidth),
  ],
});

const shortId = (id: string): string => id.slice(0, 12);

/** The reason, most useful part first: a narrow column shows only its beginning. */
function shortReason({ blocker, error, stuckIn, reason, status }: ContainerModel): string {
  if (blocker !== null) {
    const { pid, comm, state, killPending, waitsText } = blocker;
    return `${comm} ${pid} ${state === 'Z' ? 'ZD' : 'D'}${killPending ? ' KILL' : ''}${waitsText === '' ? '' : `: ${waitsText}`}`;
  }
  if (error !== null && stuckIn.includes('removal')) {
    // The engine wraps the kernel's words in its own: driver, action, path, error.
    const parts = error.split(': ');
    return parts.length < 2 ? error : `${parts.at(-1)}: ${parts.slice(0, -1).join(': ')}`;
  }
  return reason ?? shortStatus(status);
}

/** The engine's words with durations as everywhere here, and so that a narrow column has them whole: `Exited (137) 2m ago`. */
function shortStatus(status: string): string {
  return status
    .replace('Less than a second', '<1s')
    .replace('About a minute', '1m')
    .replace('About an hour', '1h')
    .replace(/\b(\d+) (second|minute|hour|day)s?\b/, (_, count: string, unit: string) => `${count}${unit.charAt(0)}`);
}

/** The newest ones only: the report and the JSON list all. */
const maxResolvedNotes = 2;
/** Columns of a page with room; longer lines are cut. */
const detailsWidth = 100;

function summaryLine({ list, running, stuck, listAgeMs }: ContainersModel): Line {
  const all = list.filter(({ isSandbox, stuck }) => stuck || !isSandbox).length;
  if (stuck > 0) return [span(`${stuck} stuck`, 'critical'), span(` of ${all}`, 'dim')];
  return [span(listAgeMs === null ? String(all) : `${running} running of ${all}`, 'dim')];
}

/** `web-1 exited 2m ago, was stuck for 4m` */
function resolvedLine(container: ResolvedContainer, at: number): Line {
  return [span(clean(container.name), 'good'), span(` ${resolvedText(container, at)}`, 'dim')];
}

function identityLines(container: ContainerModel): Line[] {
  const { id, name, pod, namespace, image, state, status, from } = container;
  return [
    detail('id', clean(id)),
    ...(name === container.label || id.startsWith(name) ? [] : [detail('label', clean(container.label))]),
    detail('name', clean(name)),
    ...(pod === null ? [] : [detail('pod', clean(`${namespace}/${pod}`))]),
    ...(from === 'kernel'
      ? [detail('source', '/proc: in no runtime’s list')]
      : [...(image === '' ? [] : [detail('image', clean(image))]), detail('state', clean(`${state}, “${status}”`))]),
    ...saysLines(container),
  ];
}

/** List and inspect, where they differ. */
function saysLines({ listState, inspectState, error }: ContainerModel): Line[] {
  const differ = listState !== null && inspectState !== null && listState !== inspectState;
  return [
    ...(differ ? [detail('state in list', clean(listState)), detail('state in inspect', clean(inspectState))] : []),
    ...(error === null ? [] : [detail('error', clean(error))]),
  ];
}

function troubleLines(container: ContainerModel, theme: Theme, { at }: Model): Line[] {
  const { stuck, stuckSince, stuckBefore, attempts, attemptedBy, evidence } = container;
  const from = stuckSince === null || stuckBefore ? '' : `, since ${formatTime(stuckSince, at, theme.zone)}`;
  return [
    [],
    ...(stuck
      ? [[span('stuck'.padEnd(labelWidth), 'dim'), span(`for ${stuckFor(container)}${from}`, 'critical')]]
      : []),
    ...(attempts === 0 ? [] : [detail('stop requests', askedWords(attempts, attemptedBy))]),
    // The strongest first: their order says what a word for it would.
    ...evidence.flatMap(({ text, source, since: from }, index) => [
      detail(index === 0 ? 'evidence' : '', clean(text)),
      [
        span(''.padEnd(labelWidth)),
        span(
          clean(`${theme.glyphs.parent} ${source}${from === null ? '' : `, ${formatTime(from, at, theme.zone)}`}`),
          'dim',
        ),
      ],
    ]),
  ];
}

function askedWords(attempts: number, by: ContainerModel['attemptedBy']): string {
  const times = formatTimes(attempts);
  return by === null ? times : `${times}, ${by === 'the kubelet' ? 'by the kubelet' : by}`;
}

function processLines(container: ContainerModel): Line[] {
  const { initPid, blocker, pids } = container;
  const lines = [
    ...(blocker === null
      ? []
      : [
          detail(
            'blocked by',
            clean(`${blocker.comm}, pid ${blocker.pid}${blocker.killPending ? ', SIGKILL pending' : ''}`),
          ),
          ...(blocker.waitsText === '' ? [] : [detail('waiting for', clean(blocker.waitsText))]),
          ...(blocker.wchan === null ? [] : [detail('wchan', clean(blocker.wchan))]),
        ]),
    ...(initPid === null ? [] : [detail('init pid', String(initPid))]),
    ...(pids.length === 0 ? [] : [detail('pids in D or Z', pids.join(' '))]),
  ];
  return lines.length === 0 ? [] : [[], ...lines];
}

function stateTone(container: ContainerModel): Tone {
  if (container.stuck) return 'critical';
  if (container.state === 'running') return 'good';
  return ['stopping', 'removing', 'dead', 'restarting'].includes(container.state) ? 'warning' : 'dim';
}
