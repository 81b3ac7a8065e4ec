import os from 'node:os';
import { parsePrettyName } from '../parse/os-release.ts';
import { parseMeminfo } from '../parse/proc/meminfo.ts';
import { parseProcStat } from '../parse/proc/stat.ts';
import type { HostValue } from '../sample/host.ts';
import { liveRoots, type World } from './world.ts';

/** Facts about the node. Of its files only: programs would hang with the node. */
export function collectHost(world: World): HostValue {
  const tree = collectTree(world);
  if (!world.live) return tree;
  const cpus = os.availableParallelism();
  const pidNamespace = pidNamespaceOf(world);
  return { ...tree, hostname: os.hostname(), cpus, pidNamespace, ...missingRootsOf(world) };
}

/** The inode of the first PID namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h); every other has one from 4026531840 on. */
const firstPidNamespace = 'pid:[4026531836]';

/** Which PID namespace this process is in; null if the kernel does not say it. */
export function pidNamespaceOf(world: World): HostValue['pidNamespace'] {
  const own = world.tryLink(world.proc('self/ns/pid'));
  if (own === null) return null;
  return own === firstPidNamespace ? 'host' : 'nested';
}

/** A host's /proc that is mounted in a container shows the container's name, so the file of its root filesystem comes first. */
function hostname(world: World): string {
  const { rootfs } = world.roots;
  const inRoot = rootfs === liveRoots.rootfs ? null : world.tryText(`${rootfs}/etc/hostname`);
  const name = inRoot?.trim() || world.tryText(world.proc('sys/kernel/hostname'))?.trim();
  return name || 'unknown';
}

function collectTree(world: World): HostValue {
  const memory = parseMeminfo(world.tryText(world.proc('meminfo')) ?? '');
  return {
    hostname: hostname(world),
    kernel: kernelRelease(world),
    distribution: parsePrettyName(world.tryText(`${world.roots.rootfs}/etc/os-release`) ?? ''),
    uptimeSeconds: world.uptimeSeconds(),
    cpus: parseProcStat(world.tryText(world.proc('stat')) ?? '').cpus,
    memoryBytes: memory.get('MemTotal') ?? 0,
    memoryAvailableBytes: memory.get('MemAvailable') ?? memory.get('MemFree') ?? 0,
    pidNamespace: null,
  };
}

/** Without them much reads as absent, and absent is calm. A captured tree may have no more than its /proc. */
function missingRootsOf(world: World): Pick<HostValue, 'missingRoots'> {
  const missing = (['sysfs', 'rootfs'] as const).flatMap((name) => {
    const directory = world.roots[name];
    const isNamed = directory !== liveRoots[name];
    return isNamed && world.tryList(directory) === null ? [`--${name} ${directory}`] : [];
  });
  return missing.length === 0 ? {} : { missingRoots: missing };
}

/** The node's kernel, e.g. `6.1.0-13-amd64`; empty if the tree does not have it. */
export function kernelRelease(world: World): string {
  const release = world.tryText(world.proc('sys/kernel/osrelease'));
  if (release !== null) return release.trim();
  // Linux version 4.19.25 (build@host) …
  return /^Linux version (\S+)/.exec(world.tryText(world.proc('version')) ?? '')?.[1] ?? '';
}
