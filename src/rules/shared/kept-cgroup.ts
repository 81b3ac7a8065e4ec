import { quote } from '../../base/shell-word.ts';
import type { LogsModel } from '../../model/logs/logs.ts';
import type { Finding } from '../engine/rule.ts';
import { inLastHour, logFinding, namesIn, recentMs, troubleIn } from './log-trouble.ts';

/** A process in it may need a moment for its exit; from Kubernetes 1.22 on, one failure is two lines. */
const lines = 4;
const lastsMs = 60_000;

/**
 * The kubelet cannot remove the control group of a pod.
 *
 * @param at of the moment that is judged, in milliseconds since the epoch
 * @returns null when the logs tell nothing of the kind
 */
export function keptCgroup(logs: LogsModel, at: number): Finding | null {
  const trouble = troubleIn(logs, ['pod-cgroup-kept'], recentMs);
  if (trouble === null) return null;
  const lasting = trouble.tallies.some((tally) => {
    const { firstAt, lastAt } = tally;
    return inLastHour(tally) >= lines && (firstAt === null || lastAt === null || lastAt - firstAt >= lastsMs);
  });
  const who = namesIn(trouble.about, 2);
  // The driver of systemd puts underscores into the name.
  const [pod = ''] = trouble.about;
  const path = `*pod${pod.replaceAll('-', '?')}*`;
  return logFinding(trouble, at, {
    id: 'failed-removal',
    severity: lasting ? 'warning' : 'info',
    title: `The control group of a pod cannot be removed: ${who}`,
    past: `The control group of a pod could not be removed: ${who}`,
    summary:
      'The pod stays in Terminating. The kernel removes a control group only when no process is left in it, and no group below it.',
    remedies: [
      {
        text: 'See which processes are still in it. One in D or in a frozen group leaves it only when it goes on.',
        command: `find /sys/fs/cgroup -path ${quote(path)} -name cgroup.procs -exec grep -H . {} +`,
        risk: 'none',
      },
      { text: 'See what those processes wait for.', command: 'rtwatch', risk: 'none' },
    ],
    references: ['https://github.com/kubernetes/kubernetes/issues/97497'],
  });
}
