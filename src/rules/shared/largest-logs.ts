import { formatBytes } from '../../base/bytes.ts';
import { quote } from '../../base/shell-word.ts';
import type { ContainerModel } from '../../model/containers/container.ts';
import type { ContainersModel } from '../../model/containers/containers.ts';
import type { Evidence, Remedy } from '../engine/rule.ts';

/** Less than this makes no room. */
const leastBytes = 64 * 1024 ** 2;
const maxNamed = 3;
/** Where the kubelet has the logs of pods (collect/filesystems/log-files.ts). */
const podLogs = '/var/log/pods';

/** What the logs of containers take on a filesystem, and what makes room there. */
export interface LargestLogs {
  readonly ids: readonly string[];
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
}

/**
 * The largest logs of containers on a filesystem; null when none of them is large.
 *
 * @param holds what lies on it: data directories of engines, `/var/log`
 * @param engineRoot the data directory of the engine that lists containers
 */
export function largestLogs(
  containers: ContainersModel | null,
  holds: readonly string[],
  engineRoot: string | null,
): LargestLogs | null {
  const isHere = ({ runtime }: ContainerModel): boolean =>
    runtime === null ? engineRoot !== null && holds.includes(engineRoot) : holds.includes('/var/log');
  const logs = (containers?.list ?? []).filter(isHere).flatMap((container) => {
    const bytes = container.log?.bytes ?? 0;
    return bytes < leastBytes ? [] : [{ ...container, bytes }];
  });
  const largest = logs.sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1)).slice(0, maxNamed);
  const [first] = largest;
  if (first === undefined) return null;
  const text = largest.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(', ');
  return {
    ids: largest.map(({ id }) => id),
    sentence: `The largest container logs: ${text}.`,
    evidence: largest.map(({ id, label, bytes, runtime }) => ({
      source: runtime === null ? `stat(2) of ${id.slice(0, 12)}-json.log` : `stat(2) below ${podLogs}`,
      text: `log of ${label}: ${formatBytes(bytes)}, rotated files included`,
    })),
    remedies: [remedyOf(first)],
  };
}

function remedyOf({ id, label, runtime }: ContainerModel): Remedy {
  if (runtime !== null)
    return {
      text: `See the files of the largest log, ${label}: the kubelet rotates at containerLogMaxSize.`,
      command: `du -ah ${podLogs} | sort -h | tail`,
      risk: 'none',
    };
  return {
    text: `Empty the log of ${label}. Its lines are lost; the container keeps running.`,
    command: `truncate -s 0 "$(docker inspect -f '{{.LogPath}}' ${quote(id.slice(0, 12))})"`,
    risk: 'low',
  };
}
