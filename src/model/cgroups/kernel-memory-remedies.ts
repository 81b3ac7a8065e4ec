import { isRhel7, readsNokmem } from './rhel-kernel.ts';

/** One way to end the loss of memory groups. */
export interface WayOut {
  readonly id: 'nokmem' | 'kernel' | 'runc';
  readonly text: string;
  /** What it takes. */
  readonly cost: string;
  /** Whether it can be taken on this kernel as it is. */
  readonly possible: boolean;
  /** To be copied and run by a person; null when it depends on the node. */
  readonly command: string | null;
}

/**
 * The ways out of kernel memory accounting on an old kernel, the surest first.
 *
 * Sources: docker/for-linux#841 (the boot parameter), kubernetes/kubernetes#61937 and moby/moby#38128 (runc and kubelet).
 *
 * @param release as `uname -r` says
 */
export function waysOut(release: string): WayOut[] {
  const hasNokmem = readsNokmem(release);
  return [
    {
      id: 'nokmem',
      text: hasNokmem
        ? 'Boot with cgroup.memory=nokmem: kernel memory is then accounted in no group.'
        : 'Boot with cgroup.memory=nokmem, which this kernel does not read yet: RHEL 7 does from 3.10.0-1062.4.1.el7 on.',
      cost: hasNokmem
        ? 'One reboot, which also frees what was lost; limits on kernel memory are not enforced any more.'
        : 'An update of the kernel within its series and one reboot.',
      possible: hasNokmem,
      command: isRhel7(release) ? 'grubby --update-kernel=ALL --args=cgroup.memory=nokmem' : null,
    },
    {
      id: 'kernel',
      text: 'Run a kernel of 4.0 or later: it takes the memory of removed groups back.',
      cost: 'Another kernel series, its tests, and one reboot.',
      possible: true,
      command: null,
    },
    {
      id: 'runc',
      text: 'Use a runc that does not switch accounting on: rc94 or later, or a build with the tag nokmem (Docker’s own packages for el7 since 18.09.1). A kubelet carries its own copy and needs the same.',
      cost: 'Only containers made after it are spared; what is lost stays lost until the next reboot.',
      possible: true,
      command: null,
    },
  ];
}
