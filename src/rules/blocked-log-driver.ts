import { rule } from './engine/rule.ts';
import { has, hasStopped, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A line that is lost while a log server restarts is no fault of the node. */
const again = 3;

/** A log driver does not take what containers write: exits wait for it, with the container's lock held. */
export const blockedLogDriver = rule({
  id: 'blocked-log-driver',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['logger-not-exiting', 'log-write-failed', 'log-send-failed']);
    if (trouble === null) return [];
    const sends = has(trouble, 'log-send-failed');
    const driver =
      trouble.about.length === 0 ? '' : sends ? ` (${namesIn(trouble.about)})` : ` ${namesIn(trouble.about)}`;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
        id: 'blocked-log-driver',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        title: `The log driver${driver} does not take what containers write`,
        past: `The log driver${driver} did not take what containers wrote`,
        summary: `Lines of containers are lost, and the exit of a container waits until its log driver is done.${sends ? ' The log server does not answer, or refuses. When the buffers are full, a container that goes on writing blocks on its output (stdout, stderr); with mode=non-blocking its lines are dropped instead.' : ''}`,
        remedies: [
          { text: 'Check the log server, and the disk of the logs.', command: null, risk: 'none' },
          {
            text: 'Where the log option mode=non-blocking is not set, create the containers anew with it: lines are dropped then, and no container blocks. Or use a driver that writes to files.',
            command: null,
            risk: 'low',
          },
        ],
      }),
    ];
  },
});
