/**
 * Whether removing a directory takes away the mounts that other namespaces have on it. Since Linux 3.18 (commit 8ed936b5671b) it
 * does; before, rmdir fails with EBUSY as long as any namespace has one. RHEL 7's 3.10 can do both, as the sysctl
 * `fs.may_detach_mounts` says. A mount in the caller's own namespace gives EBUSY on every kernel.
 *
 * @param kernel as `uname -r` says; null when it is not known, which is taken for a kernel of this decade
 */
export function detachesMounts(kernel: string | null, mayDetachMounts: boolean | null): boolean {
  if (mayDetachMounts !== null) return mayDetachMounts;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel ?? '') ?? [];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 18);
}
