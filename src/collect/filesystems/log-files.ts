import type { CriRuntime } from '../../sample/cri.ts';
import type { LogFile } from './container-logs.ts';

/** Where the kubelet has the logs of pods, unless its `podLogsDir` says otherwise. */
const podLogs = '/var/log/pods';

/**
 * Where dockerd's json-file driver writes (moby container/container.go, StartLogger): another driver has no such file.
 *
 * @param roots of the engine; usually one
 */
export function engineLogFiles(ids: readonly string[], roots: readonly string[]): LogFile[] {
  const [root] = roots;
  if (root === undefined) return [];
  return ids
    .filter((id) => /^[0-9a-f]{64}$/.test(id))
    .map((id) => ({ id, root: `${root}/containers`, path: `${root}/containers/${id}/${id}-json.log` }));
}

/** Where a runtime writes what the kubelet asked for: `NAMESPACE_POD_UID/CONTAINER/ATTEMPT.log`. Others have unknown places. */
export function podLogFiles({ containers, sandboxes }: Pick<CriRuntime, 'containers' | 'sandboxes'>): LogFile[] {
  const pods = new Map(sandboxes.map((sandbox) => [sandbox.id, sandbox]));
  return containers.flatMap(({ id, sandboxId, name, restarts }) => {
    const pod = sandboxId === null ? undefined : pods.get(sandboxId);
    if (pod === undefined || restarts === null) return [];
    const folders = [`${pod.namespace}_${pod.name}_${pod.uid}`, name];
    if (folders.some((folder) => folder.includes('/') || folder.startsWith('.'))) return [];
    return { id, root: podLogs, path: `${podLogs}/${folders.join('/')}/${restarts}.log` };
  });
}
