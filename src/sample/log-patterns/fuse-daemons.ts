import type { LogPatterns } from './pattern.ts';

/** Programs that serve a filesystem through /dev/fuse; task names have at most 15 letters. */
const daemons =
  'lxcfs|s3fs|goofys|geesefs|gcsfuse|juicefs|mount-s3|blobfuse2?|rclone|sshfs|glusterfs|ceph-fuse|fuse-overlayfs|mergerfs|bindfs|sysbox-fs|curve-fuse|weed|seaweedfs';

/** arch/x86/mm/fault.c: show_signal_msg(); systemd src/core/service.c. */
export const fuseDaemonPatterns = {
  'fuse-daemon-crash': {
    units: ['kernel', 'systemd'],
    group: 'node',
    severity: 'warning',
    rule: 'dead-fuse-daemon',
    meaning: 'a program that serves a FUSE filesystem crashed',
    hints: ['segfault at', 'general protection', 'main process exited'],
    patterns: [
      new RegExp(String.raw`^(?:traps: )?(?<about>${daemons})\[(?<pid>\d+)\]:? (?:segfault at|general protection)`),
      new RegExp(
        String.raw`(?<![\w-])(?<about>${daemons})\.service: Main process exited, code=(?:killed|dumped), status=(?!15/TERM)`,
      ),
    ],
  },
} as const satisfies LogPatterns;
