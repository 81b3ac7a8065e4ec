import type { LogTallyModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { hasContainers } from './shared/live-containers.ts';
import { has, hourly, logFinding, namesIn, networkTeardown, recentMs, troubleIn } from './shared/log-trouble.ts';

const strong = [
  'direct-sigkill',
  'no-exit-event',
  'kill-failed',
  'zombie-init',
  'wait-kill-timeout',
  'kubelet-stop-failed',
  'kubelet-kill-failed',
  'kubelet-sandbox-stop-failed',
  'sandbox-stop-failed',
  'stop-signal-failed',
  'stop-failed',
  'kill-not-running',
  'crio-stopping',
] as const;
/** A stop that comes just behind an exit says so once. */
const outOfStep = 10;
/** A stop that was asked for so often, over so long, has not worked. */
const requests = 3;
const requestsMs = 60_000;
/** A stop that fails and is not retried has worked after all, or is no longer wanted. */
const attempts = 3;
/** Several layers of the kubelet and the runtime log one failure, within a second; it is tried again after two minutes. */
const oneAttemptMs = 20_000;
const linesOfOne = 6;

/** Stops of a container fail again and again, as the logs say. Where the containers are seen, `unkillable-container` says more. */
export const failedStop = rule({
  id: 'failed-stop',
  needs: ['logs'],
  uses: ['containers', 'shims'],
  matters: false,
  judge: ({ logs, containers, shims, at }) => {
    if (hasContainers({ containers, shims })) return [];
    const trouble = troubleIn(logs, [...strong], recentMs, isStrong);
    if (trouble === null) return [];
    const failures = hourly(trouble, ...strong);
    const who = namesIn(trouble.containers);
    const { firstAt, lastAt } = trouble;
    const isShort = firstAt !== null && lastAt !== null && lastAt - firstAt < oneAttemptMs;
    const isOne = isShort && failures <= linesOfOne * Math.max(1, trouble.containers.length);
    const isOut = has(trouble, 'kill-not-running');
    const repeats = failures >= attempts && !isOne;
    const [first] = trouble.containers;
    return [
      logFinding(trouble, at, {
        id: 'failed-stop',
        severity: repeats ? 'critical' : has(trouble, 'wait-kill-timeout') ? 'warning' : 'info',
        title: `${repeats ? 'Stops fail again and again' : 'A stop failed'}${who === '' ? '' : `: ${who}`}`,
        past: `Stops failed${who === '' ? '' : `: ${who}`}`,
        summary: isOut
          ? 'dockerd takes a container for running that containerd does not know, or whose process is gone: its exit was lost. dockerd reads the state anew when it is restarted.'
          : 'A container did not exit in time: a process of it is probably blocked in the kernel, or its exit was lost. Each further stop only waits longer; dockerd up to 20.10.9 leaks two goroutines for each.',
        remedies: [
          {
            text: 'Find the process of the container that is in D, and what it waits for.',
            command: 'rtwatch',
            risk: 'none',
          },
          ...(first !== undefined && /^[0-9a-f]{12,64}$/.test(first)
            ? [
                {
                  text: 'See its processes.',
                  command: `grep -l ${first.slice(0, 12)} /proc/[0-9]*/cgroup`,
                  risk: 'none' as const,
                },
              ]
            : []),
        ],
        references: ['https://github.com/moby/moby/pull/42956'],
      }),
    ];
  },
});

function isStrong({ sign, count, lastHour = 0, agoMs, example = '', firstAt, lastAt }: LogTallyModel): boolean {
  // The processes of the pod are stopped before its network is taken down: that is failed-network-setup.
  if (networkTeardown.test(example)) return false;
  const often = agoMs === null ? count : lastHour;
  if (sign === 'crio-stopping')
    return often >= requests && firstAt !== null && lastAt !== null && lastAt - firstAt >= requestsMs;
  return sign !== 'kill-not-running' || often >= outOfStep;
}
