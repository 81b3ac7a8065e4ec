import { isHolding, type ProcessModel } from '../../../model/processes.ts';
import { formatCount, formatSeconds, nothing } from '../../format.ts';
import { clean } from '../../text.ts';
import type { Look } from '../look.ts';
import { span } from '../parts/line.tsx';
import { detail, pane } from './pane.ts';

export const processesPane = pane<ProcessModel>({
  id: 'processes',
  title: 'Processes D/Z',
  source: 'processes',
  rows: (model) => model.processes?.list ?? null,
  key: (process) => `${process.pid} ${process.starttime}`,
  columns: [
    {
      id: 'pid',
      title: 'pid',
      width: 7,
      align: 'right',
      text: (process) => String(process.pid),
      by: (process) => process.pid,
    },
    {
      id: 'state',
      title: 'st',
      width: 2,
      // A zombie whose thread is in D is both.
      text: (process) => (process.state === 'Z' && isHolding(process) ? 'ZD' : process.state),
      tone: (process) => (isHolding(process) ? 'critical' : 'warning'),
      by: (process) => process.state,
    },
    {
      id: 'for',
      title: 'for',
      width: 8,
      align: 'right',
      text: (process) => `${process.secondsFrom === 'first-seen' ? '≥' : ''}${formatSeconds(process.seconds)}`,
      by: (process) => -process.seconds,
    },
    {
      id: 'comm',
      title: 'comm',
      width: 12,
      text: (process) => clean(process.comm),
      tone: () => 'strong',
      by: (process) => process.comm,
    },
    {
      id: 'kill',
      title: 'sig',
      width: 4,
      drop: 2,
      text: (process) => (process.killPending ? 'KILL' : ''),
      tone: () => 'critical',
      by: (process) => (process.killPending ? 0 : 1),
    },
    { id: 'waits', title: 'waits in', width: 'flex', text: waitsText, by: (process) => process.wchan ?? '' },
    {
      id: 'container',
      title: 'container',
      width: 'flex',
      drop: 1,
      text: (process) => clean(containerText(process)),
      by: containerText,
    },
  ],
  summary: ({ processes }) => {
    if (processes === null) return [];
    const held = processes.list.filter(isHolding).length;
    const zombies = processes.list.filter(({ state }) => state === 'Z').length;
    return [
      span(`${held} D`, held > 0 ? 'critical' : 'dim'),
      span(' · ', 'dim'),
      span(`${zombies} Z`, zombies > 0 ? 'warning' : 'dim'),
      span(` of ${formatCount(processes.total)}`, 'dim'),
    ];
  },
  empty: ({ processes }) =>
    (processes?.unreadable ?? 0) > 0
      ? `none that may be looked at; ${processes?.unreadable} are hidden: run as root`
      : 'none blocked, no zombie',
  containerOf: (process) => process.containerId,
  details: (process) => [
    detail('process', clean(`${process.comm}, pid ${process.pid}${process.kernelThread ? ', kernel thread' : ''}`)),
    detail('parent', clean(`${process.parentComm ?? nothing}, pid ${process.ppid}`)),
    detail(
      'state',
      `${process.state}, ${process.secondsFrom === 'last-ran' ? 'has not run for' : 'since rtwatch looks:'} ${formatSeconds(process.seconds)}`,
    ),
    ...(process.blockedTids === null ? [] : [detail('threads in D', process.blockedTids.join(' '))]),
    detail('SIGKILL', process.killPending ? 'pending: killing again is useless' : 'not pending'),
    detail('container', clean(containerText(process)) || 'none'),
    detail('waits in', clean(process.wchan ?? 'not told (run as root)')),
    detail('kernel stack', process.stack === null ? 'not told (run as root)' : ''),
    ...(process.stack ?? []).map((frame) => detail('', clean(frame))),
  ],
});

function waitsText(process: ProcessModel, _width: number, look: Look): string {
  if (isHolding(process)) return clean(process.wchan ?? nothing);
  return clean(`${look.glyphs.parent} ${process.parentComm ?? 'pid'} ${process.ppid} does not reap`);
}

function containerText(process: ProcessModel): string {
  return process.containerName ?? process.containerId?.slice(0, 12) ?? (process.kernelThread ? '(kernel)' : '');
}
