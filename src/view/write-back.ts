import { formatByteRate, formatBytes } from '../base/bytes.ts';
import { formatSeconds } from '../base/durations.ts';
import type { FlushModel } from '../model/disks/flush.ts';

/** `umount waits: about 12s left at 80 MB/s (996 MiB dirty; containerd-shim 23743)` */
export function flushText(flush: FlushModel): string {
  const [first] = flush.waiters;
  if (first === undefined) return '';
  const others = flush.waiters.length + flush.more - 1;
  const who = `${first.comm} ${first.pid}${others === 0 ? '' : ` and ${others} more`}`;
  return `${first.call} waits: ${endText(flush)} (${formatBytes(flush.leftBytes)} dirty; ${who})`;
}

function endText({ state, device, bytesPerSec, secondsLeft }: FlushModel): string {
  switch (state) {
    case 'stuck':
      return `it cannot finish: ${device ?? 'a device'} completes no request`;
    case 'stalled':
      return 'nothing is being written: it cannot finish';
    case 'measuring':
      return 'rate unknown yet';
    case 'refilling':
      return `about ${formatSeconds(secondsLeft)} at ${formatByteRate(bytesPerSec)}, but pages are dirtied faster than they are written`;
    case 'draining':
      return `about ${formatSeconds(secondsLeft)} left at ${formatByteRate(bytesPerSec)}`;
  }
}
