import { anyDaemonPatterns } from './any-daemon.ts';
import { apiServerPatterns } from './api-server.ts';
import { containerdPatterns } from './containerd.ts';
import { namePatterns } from './crio.ts';
import { crioStopPatterns } from './crio-stops.ts';
import { datastorePatterns } from './datastore.ts';
import { diskPathPatterns } from './disk-paths.ts';
import { dockerdPatterns } from './dockerd.ts';
import { engineClientPatterns } from './engine-clients.ts';
import { fuseDaemonPatterns } from './fuse-daemons.ts';
import { goPatterns } from './go.ts';
import { guestPatterns } from './guests.ts';
import { kernelDevicePatterns } from './kernel-devices.ts';
import { kernelDiskPatterns } from './kernel-disk.ts';
import { kernelFileServerPatterns } from './kernel-file-servers.ts';
import { kernelFilesystemPatterns } from './kernel-filesystems.ts';
import { kernelLimitPatterns } from './kernel-limits.ts';
import { kernelMemoryPatterns } from './kernel-memory.ts';
import { kernelNetworkPatterns } from './kernel-network.ts';
import { kernelSecurityPatterns } from './kernel-security.ts';
import { kernelStackPatterns } from './kernel-stacks.ts';
import { kernelTaskPatterns } from './kernel-tasks.ts';
import { kubeletPatterns } from './kubelet.ts';
import type { LogPattern } from './pattern.ts';
import { podNetworkPatterns } from './pod-network.ts';
import { pullPatterns } from './pulls.ts';
import { rootlessPatterns } from './rootless.ts';
import { runcPatterns } from './runc.ts';
import { systemdPatterns } from './systemd.ts';
import { thinPoolPatterns } from './thin-pools.ts';
import { volumePatterns } from './volumes.ts';

/**
 * Every known pattern, the most specific first: a line that matches several counts as the first of them. The ids are in
 * Samples and recordings, so an id never changes its meaning.
 */
const logPatterns = {
  ...dockerdPatterns,
  ...apiServerPatterns,
  ...podNetworkPatterns,
  ...kubeletPatterns,
  ...datastorePatterns,
  ...volumePatterns,
  ...pullPatterns,
  ...namePatterns,
  ...crioStopPatterns,
  ...containerdPatterns,
  ...goPatterns,
  ...systemdPatterns,
  ...kernelSecurityPatterns,
  ...kernelDevicePatterns,
  ...kernelTaskPatterns,
  ...kernelMemoryPatterns,
  ...diskPathPatterns,
  ...thinPoolPatterns,
  ...kernelDiskPatterns,
  ...kernelFilesystemPatterns,
  ...kernelFileServerPatterns,
  ...kernelNetworkPatterns,
  ...kernelLimitPatterns,
  ...kernelStackPatterns,
  ...fuseDaemonPatterns,
  ...engineClientPatterns,
  ...guestPatterns,
  ...rootlessPatterns,
  ...runcPatterns,
  ...anyDaemonPatterns,
};

export type LogPatternId = keyof typeof logPatterns;

/** The patterns as a list, in their order. */
export const logPatternList: readonly (LogPattern & { readonly id: LogPatternId })[] = Object.entries(
  logPatterns as Readonly<Record<LogPatternId, LogPattern>>,
).map(([id, pattern]) => ({ id: id as LogPatternId, ...pattern }));

/** The pattern with that id; null for one of a sampler that is newer than this program. */
export function logPatternOf(id: string): LogPattern | null {
  const known: Readonly<Record<string, LogPattern>> = logPatterns;
  return Object.hasOwn(known, id) ? (known[id] ?? null) : null;
}
