import type { BundlePlan } from '../../capture/bundle/gather.ts';
import type { WantedFiles } from '../../capture/bundle/node-files.ts';
import type { History } from '../../model/history.ts';
import type { Model } from '../../model/model.ts';
import type { MountNamespaceValue } from '../../sample/mounts.ts';

const maxProcesses = 200;
const maxThreads = 64;
const maxNamespaces = 60;
const maxContainers = 40;
const maxReaders = 3;

/** What a bundle takes, by what the samples of this node show. */
export function planBundle(model: Model, { sources }: History): BundlePlan {
  const processes = [...(model.processes?.list ?? []), ...(model.processes?.sleepers ?? [])];
  const blocked = new Set(processes.map(({ pid }) => pid));
  const namespaces = namespacesOf(model, sources.mounts.value?.namespaces ?? [], blocked);
  const stuck = (model.containers?.list ?? []).filter((container) => container.stuck).map(({ id }) => id);
  const listed = new Map(sources.containers.value?.containers.map((container) => [container.id, container]));
  const units = (sources.mounts.value?.units ?? []).flatMap(({ files }) => files);
  return {
    files: {
      tasks: processes
        .slice(0, maxProcesses)
        .map(({ pid, blockedTids }) => ({ pid, tids: (blockedTids ?? []).slice(0, maxThreads) })),
      namespaces: namespaces.slice(0, maxNamespaces),
      containers: stuck.slice(0, maxContainers),
      unitFiles: [...new Set(units)],
    },
    inspects: stuck.slice(0, maxContainers).map((id) => {
      const inspect = listed.get(id)?.inspect;
      return { id, openMs: inspect?.status === 'pending' ? inspect.forMs : null };
    }),
    left: {
      tasks: Math.max(0, processes.length - maxProcesses),
      namespaces: Math.max(0, namespaces.length - maxNamespaces),
      containers: Math.max(0, stuck.length - maxContainers),
    },
    // The engine is queried separately, through its API.
    daemons: model.daemons.filter(({ isEngine }) => !isEngine).map(({ name, endpoint }) => ({ name, endpoint })),
  };
}

/** The namespaces of the host, daemons, shims and leaked mounts, each with pids whose mountinfo to read. */
function namespacesOf(
  { mounts }: Model,
  namespaces: readonly MountNamespaceValue[],
  blocked: ReadonlySet<number>,
): WantedFiles['namespaces'] {
  const leaking = new Set((mounts?.leaks ?? []).flatMap(({ holders }) => holders.map(({ namespace }) => namespace)));
  // None is known, but the namespace of pid 1 can be read.
  if (namespaces.length === 0) return [{ inode: 'host', what: 'the host’s', pids: [1] }];
  return namespaces.flatMap((namespace) => {
    const { inode, host, holders } = namespace;
    const of = (kind: string): boolean => holders.some((holder) => holder.kind === kind);
    const roles = [
      ...(host ? ['the host’s'] : []),
      ...(of('daemon') ? ['a daemon’s'] : []),
      ...(of('shim') ? ['shims’'] : []),
      ...(leaking.has(inode) ? ['holds leaked mounts'] : []),
    ];
    if (roles.length === 0) return [];
    const pids = holders.map(({ pid }) => pid).toSorted((a, b) => Number(blocked.has(a)) - Number(blocked.has(b)));
    return [{ inode, what: roles.join(', '), pids: pids.slice(0, maxReaders) }];
  });
}
