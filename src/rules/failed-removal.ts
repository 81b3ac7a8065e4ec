import type { LogTallyModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { keptCgroup } from './shared/kept-cgroup.ts';
import { hasContainers } from './shared/live-containers.ts';
import { has, hourly, logFinding, namesIn, networkTeardown, recentMs, troubleIn } from './shared/log-trouble.ts';

const failures = [
  'removal-failed',
  'kubelet-remove-failed',
  'container-removal-failed',
  'sandbox-removal-failed',
] as const;

/** Removals of a container fail again and again, as the logs say. Where the containers are seen, `stuck-removal` says more. */
export const failedRemoval = rule({
  id: 'failed-removal',
  needs: ['logs'],
  uses: ['containers', 'shims'],
  matters: false,
  judge: ({ logs, containers, shims, at }) => {
    const kept = keptCgroup(logs, at);
    const trouble = hasContainers({ containers, shims })
      ? null
      : troubleIn(logs, [...failures, 'removal-in-progress', 'device-busy'], recentMs, isFailure);
    if (trouble === null || !has(trouble, ...failures, 'removal-in-progress')) return kept === null ? [] : [kept];
    const who = namesIn(trouble.containers);
    const busy = has(trouble, 'device-busy') ? ' Something still holds a mount of it (EBUSY).' : '';
    return [
      logFinding(trouble, at, {
        id: 'failed-removal',
        severity: hourly(trouble, ...failures, 'removal-in-progress') >= 2 ? 'warning' : 'info',
        title: `Removals fail${who === '' ? '' : `: ${who}`}`,
        past: `Removals failed${who === '' ? '' : `: ${who}`}`,
        summary: `A container or its layer cannot be removed.${busy}`,
        remedies: [{ text: 'Find the mount namespaces that still hold the mount.', command: 'rtwatch', risk: 'none' }],
      }),
    ];
  },
});

/** The kubelet and containerd log a refused request both; two at the same time are over with the first. */
const refusals = 5;
const refusedForMs = 120_000;

/** That a container is already being removed is a failure if it is so again and again; failed-network-setup is another rule. */
function isFailure({ sign, count, lastHour = count, firstAt, lastAt, example = '' }: LogTallyModel): boolean {
  if (networkTeardown.test(example)) return false;
  return sign !== 'removal-in-progress' || (lastHour >= refusals && (lastAt ?? 0) - (firstAt ?? 0) >= refusedForMs);
}
