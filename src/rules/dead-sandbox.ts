import { rule } from './engine/rule.ts';
import { runtimeOf } from './shared/daemons-of-logs.ts';
import { hourly, hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A pod whose sandbox died is made anew within a minute; the calls under way for the old one fail a few times. */
const again = 5;

/** containerd is asked for containers in pods whose pause process is gone. */
export const deadSandbox = rule({
  id: 'dead-sandbox',
  needs: ['logs'],
  uses: ['daemons', 'cri'],
  matters: false,
  judge: (given) => {
    const { logs, at } = given;
    const trouble = troubleIn(logs, ['sandbox-task-missing'], hourMs);
    if (trouble === null) return [];
    const repeats = hourly(trouble, 'sandbox-task-missing') >= again;
    const who = trouble.containers.length === 0 ? '' : ` (${namesIn(trouble.containers)})`;
    return [
      logFinding(trouble, at, {
        id: 'dead-sandbox',
        severity: repeats ? 'warning' : 'info',
        title: `Containers are created in a pod whose sandbox has died${who}`,
        past: `Containers were created in a pod whose sandbox had died${who}`,
        summary:
          'The pause process of the pod, or its shim, exited: the OOM killer, a kill, a crash or a reboot. No container can be started in that sandbox; the kubelet makes a new one.',
        confidence: 'certain',
        subjects: { daemons: runtimeOf(trouble, given) },
        remedies: [
          {
            text: 'Find why it exited: look for its id, the OOM killer and signals just before the first line.',
            command: 'rtwatch logs',
            risk: 'none',
          },
          {
            text: 'If the lines go on for minutes, delete the pod: its controller makes it anew.',
            command: null,
            risk: 'high',
          },
        ],
      }),
    ];
  },
});
