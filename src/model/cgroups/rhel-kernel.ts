import { isAtLeast, kernelAtLeast } from '../../base/kernel-release.ts';

/**
 * Whether a kernel loses the memory groups of removed containers while kernel memory is accounted in them.
 *
 * - `loses`: before 4.0, without the repair.
 * - `claims-repair`: RHEL 7 from 3.10.0-1075 on (Red Hat bug 1507149): reports of the fault go on.
 * - `spared`: 4.0 and later.
 * - `unknown`: the version is not known.
 */
export type KernelFate = 'loses' | 'claims-repair' | 'spared' | 'unknown';

/** The first build of RHEL 7 that is said to be repaired. */
const repairedBuild = [1075];
/** The first build of RHEL 7 that reads `cgroup.memory=nokmem`. */
const nokmemBuild = [1062, 4, 1];

/** @param release as `uname -r` says, e.g. `3.10.0-1127.19.1.el7.x86_64` */
export function kernelFate(release: string | null): KernelFate {
  if (release === null || !kernelAtLeast(release, 0, 0)) return 'unknown';
  if (kernelAtLeast(release, 4, 0)) return 'spared';
  const build = rhel7Build(release);
  return build !== null && isAtLeast(build, repairedBuild) ? 'claims-repair' : 'loses';
}

/** Whether the kernel reads `cgroup.memory=nokmem`: mainline since 4.5, RHEL 7 since a late build of 3.10. */
export function readsNokmem(release: string): boolean {
  const build = rhel7Build(release);
  return build === null ? kernelAtLeast(release, 4, 5) : isAtLeast(build, nokmemBuild);
}

/** Whether the release is a kernel of RHEL or CentOS 7, as `3.10.0-1160.el7.x86_64`. */
export function isRhel7(release: string): boolean {
  return rhel7Build(release) !== null;
}

function rhel7Build(release: string): number[] | null {
  const build = /^3\.10\.0-(\d+(?:\.\d+)*)\.el7/.exec(release)?.[1];
  return build === undefined ? null : build.split('.').map(Number);
}
