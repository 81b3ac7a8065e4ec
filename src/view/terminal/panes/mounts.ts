import type { NamespaceModel } from '../../../model/mounts.ts';
import { formatCount } from '../../format.ts';
import { clean } from '../../text.ts';
import { span } from '../parts/line.tsx';
import { detail, pane } from './pane.ts';

const manyUnreadable = 5;

export const mountsPane = pane<NamespaceModel>({
  id: 'mounts',
  title: 'Mounts',
  source: 'mounts',
  rows: (model) => model.mounts?.list ?? null,
  key: (namespace) => namespace.inode,
  columns: [
    {
      id: 'namespace',
      title: 'namespace',
      width: 10,
      text: (namespace) => namespace.inode,
      by: (namespace) => Number(namespace.inode),
    },
    {
      id: 'holders',
      title: 'held by',
      width: 'flex',
      text: holdersText,
      tone: (namespace) => (namespace.host ? 'strong' : 'plain'),
      by: holdersText,
    },
    {
      id: 'processes',
      title: 'procs',
      width: 5,
      align: 'right',
      drop: 2,
      text: (namespace) => String(namespace.processes),
      by: (namespace) => -namespace.processes,
    },
    {
      id: 'overlay',
      title: 'overlay',
      width: 7,
      align: 'right',
      text: (namespace) => String(namespace.overlays),
      by: (namespace) => -namespace.overlays,
    },
    {
      id: 'shm',
      title: 'shm',
      width: 4,
      align: 'right',
      drop: 1,
      text: (namespace) => String(namespace.shms),
      by: (namespace) => -namespace.shms,
    },
    {
      id: 'nsfs',
      title: 'nsfs',
      width: 4,
      align: 'right',
      drop: 1,
      text: (namespace) => String(namespace.nsfs),
      by: (namespace) => -namespace.nsfs,
    },
    {
      id: 'all',
      title: 'all',
      width: 5,
      align: 'right',
      drop: 3,
      text: (namespace) => String(namespace.total),
      tone: () => 'dim',
      by: (namespace) => -namespace.total,
    },
  ],
  summary: ({ mounts }) =>
    mounts === null
      ? []
      : [span(`containers’ mounts in ${mounts.list.length} of ${formatCount(mounts.namespaces)} namespaces`, 'dim')],
  empty: ({ mounts }) =>
    // Even root may not ask the first process of some sandboxes; without root nearly all refuse.
    (mounts?.unreadable ?? 0) > manyUnreadable
      ? `none seen; ${mounts?.unreadable} processes may not be asked for theirs: run as root`
      : 'no container has anything mounted',
  details: (namespace) => [
    detail('mount namespace', `${namespace.inode}${namespace.host ? ', the host’s' : ''}`),
    detail(
      'processes',
      `${namespace.processes}: ${clean(namespace.holders.map(({ pid, comm }) => `${comm} ${pid}`).join(', '))}`,
    ),
    detail('mounts', `${namespace.total} in all, ${namespace.mounts.length} of containers`),
    ...(namespace.detail === null ? [] : [detail('not read', clean(namespace.detail))]),
    ...namespace.mounts.map((mount) => detail(`${mount.type} ${mount.propagation}`, clean(mount.path))),
  ],
});

function holdersText(namespace: NamespaceModel): string {
  const [first] = namespace.holders;
  const who = namespace.host ? 'host' : first === undefined ? '' : `${first.comm} ${first.pid}`;
  return clean(namespace.detail === null ? who : `${who}: ${namespace.detail}`);
}
