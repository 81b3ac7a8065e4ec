import type { Blocker } from '../../model/containers/containers.ts';
import { quote } from '../../model/shell-word.ts';
import type { Remedy } from '../engine/rule.ts';

/**
 * What ends the wait that holds a task of a container: never another signal. Paths go through `/proc/PID/root`, because a
 * mountpoint is named as the task sees it.
 */
export function remediesFor(blocker: Blocker): Remedy[] {
  const { pid, waits } = blocker;
  const mount = waits?.mount ?? null;
  const stack: Remedy = {
    text: 'See what it waits for: its kernel stack names the function, its mountinfo the filesystems.',
    command: `cat /proc/${pid}/stack /proc/${pid}/mountinfo`,
    risk: 'none',
  };
  switch (waits?.kind) {
    case 'frozen-filesystem':
      return mount === null
        ? [{ ...stack, text: `${stack.text} Thaw the one that is frozen with fsfreeze -u.` }]
        : [
            {
              text: `Thaw ${mount.mountPoint} (${mount.source}), unless a snapshot or a backup froze it and is about to thaw it.`,
              command: `fsfreeze -u ${quote(pathOf(blocker, mount.mountPoint))}`,
              risk: 'low',
            },
          ];
    case 'fuse':
      return [
        {
          text: 'Bring the FUSE daemon back; or abort its connection: every request to it then fails, for all who use it.',
          command: `echo 1 > /sys/fs/fuse/connections/${quote(mount?.device.split(':')[1] ?? 'N')}/abort`,
          risk: 'high',
        },
      ];
    case 'nfs':
    case 'network-filesystem':
      return [
        {
          text: `Bring the server${mount === null ? '' : ` of ${mount.source}`} back, or give up the requests that wait for it: what was not written is lost.`,
          command: mount === null ? stack.command : unmountCommand(blocker, mount.mountPoint),
          risk: mount === null ? 'none' : 'high',
        },
      ];
    case 'disk':
    case 'journal':
    case 'writeback':
    case 'unmount':
      return [
        {
          text: `Look at the device${mount === null ? '' : ` ${mount.source}`}: when it works slowly the wait ends by itself, when it has failed it must come back or be taken away.`,
          command: 'dmesg --level=err,warn | tail -40',
          risk: 'none',
        },
        stack,
      ];
    default:
      return [
        { ...stack, text: `End the wait, not the process: thaw, remount or repair what it waits for. ${stack.text}` },
      ];
  }
}

function pathOf({ pid, hostPath }: Blocker, mountPoint: string): string {
  return hostPath ?? `/proc/${pid}/root${mountPoint}`;
}

/** umount works only on mounts of its own namespace: on the node's, or entered. */
function unmountCommand({ pid, hostPath }: Blocker, mountPoint: string): string {
  return hostPath === null
    ? `nsenter -t ${pid} -m umount -f -l ${quote(mountPoint)}`
    : `umount -f -l ${quote(hostPath)}`;
}
