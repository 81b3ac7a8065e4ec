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
  const version = versionOf(release);
  if (version === null) return 'unknown';
  if ((version[0] ?? 0) >= 4) return 'spared';
  const build = rhel7Build(release ?? '');
  return build !== null && isAtLeast(build, repairedBuild) ? 'claims-repair' : 'loses';
}

/** Whether the kernel reads `cgroup.memory=nokmem`: mainline since 4.5, RHEL 7 since a late build of 3.10. */
export function readsNokmem(release: string): boolean {
  const build = rhel7Build(release);
  return build === null ? isAtLeast(versionOf(release) ?? [], [4, 5]) : isAtLeast(build, nokmemBuild);
}

export function isRhel7(release: string): boolean {
  return rhel7Build(release) !== null;
}

function versionOf(release: string | null): number[] | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}

function rhel7Build(release: string): number[] | null {
  const build = /^3\.10\.0-(\d+(?:\.\d+)*)\.el7/.exec(release)?.[1];
  return build === undefined ? null : build.split('.').map(Number);
}

function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  for (const [n, needed] of least.entries()) {
    const part = version[n] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}
