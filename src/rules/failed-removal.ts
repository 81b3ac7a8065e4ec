import { rule } from './engine/rule.ts';
import { hasContainers } from './shared/live-containers.ts';
import { has, hourly, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

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
    if (hasContainers({ containers, shims })) return [];
    const trouble = troubleIn(logs, [...failures, 'device-busy']);
    if (trouble === null || !has(trouble, ...failures)) return [];
    const who = namesIn(trouble.containers);
    const busy = has(trouble, 'device-busy') ? ' Something still holds a mount of it (EBUSY).' : '';
    return [
      logFinding(trouble, at, {
        id: 'failed-removal',
        severity: hourly(trouble, ...failures) >= 2 ? 'warning' : 'info',
        title: `Removals fail${who === '' ? '' : `: ${who}`}`,
        past: `Removals failed${who === '' ? '' : `: ${who}`}`,
        summary: `A container or its layer cannot be removed.${busy}`,
        remedies: [{ text: 'Find the mount namespaces that still hold the mount.', command: 'rtwatch', risk: 'none' }],
      }),
    ];
  },
});
