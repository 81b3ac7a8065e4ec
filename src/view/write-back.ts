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

/** A rate that makes it last longer than this is other devices' own little traffic. */
const patienceSeconds = 600;

function endText({ state, device, bytesPerSec, secondsLeft }: FlushModel): string {
  switch (state) {
    case 'stuck':
      return secondsLeft === null || secondsLeft > patienceSeconds
        ? `it will not end, for ${device ?? 'a device'} ends no request`
        : `about ${formatSeconds(secondsLeft)} left at ${formatByteRate(bytesPerSec)}, if not for ${device ?? 'a device'}, which ends no request`;
    case 'stalled':
      return 'nothing is being written: it will not end';
    case 'measuring':
      return 'its rate is not known yet';
    case 'refilling':
      return `about ${formatSeconds(secondsLeft)} at ${formatByteRate(bytesPerSec)}, but more is made dirty than is written`;
    case 'draining':
      return `about ${formatSeconds(secondsLeft)} left at ${formatByteRate(bytesPerSec)}`;
  }
}
