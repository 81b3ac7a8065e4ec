import { rule } from './engine/rule.ts';
import { hasContainers } from './shared/live-containers.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A shim that is slow once answers the next time. */
const again = 3;

/** containerd cannot reach shims, or clean up after them. Where the shims are seen, `stalled-task-delete` says more. */
export const lostShim = rule({
  id: 'lost-shim',
  needs: ['logs'],
  uses: ['containers', 'shims'],
  matters: false,
  judge: ({ logs, containers, shims, at }) => {
    if (hasContainers({ containers, shims })) return [];
    const trouble = troubleIn(logs, ['task-exit-failed', 'shim-not-answering', 'shim-cleanup-failed', 'leaked-shim']);
    if (trouble === null) return [];
    const who = namesIn(trouble.containers);
    return [
      logFinding(trouble, at, {
        id: 'lost-shim',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        title: `Shims do not respond, or are gone${who === '' ? '' : `: ${who}`}`,
        past: `Shims did not respond, or were gone${who === '' ? '' : `: ${who}`}`,
        summary:
          'containerd cannot ask or clean up the shims of these containers. Their state is unknown to it, and lists that ask them are slow.',
        remedies: [
          {
            text: 'See whether a shim is stopped, in D, or without its container.',
            command: 'rtwatch',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});
