/**
 * Whether the kernel's command line (`/proc/cmdline`) switches kernel memory accounting off: `cgroup.memory=nokmem`, also in
 * a list (`cgroup.memory=nosocket,nokmem`). Mainline reads it since 4.5, RHEL 7 since 3.10.0-1062.4.1.el7.
 */
export function switchesKmemOff(bootLine: string): boolean {
  return bootLine
    .split(/\s+/)
    .some(
      (word) => word.startsWith('cgroup.memory=') && word.slice('cgroup.memory='.length).split(',').includes('nokmem'),
    );
}
