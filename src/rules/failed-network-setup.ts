import { rule } from './engine/rule.ts';
import { hasStopped, hourly, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** While its agent starts, a CNI plugin fails a few times on each node. */
const again = 5;

/** The network of pods cannot be set up or taken down: their sandboxes stay, or do not start. */
export const failedNetworkSetup = rule({
  id: 'failed-network-setup',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['network-setup-failed', 'network-teardown-failed']);
    if (trouble === null) return [];
    const plugin = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about)})`;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
        id: 'failed-network-setup',
        severity: hourly(trouble, 'network-setup-failed', 'network-teardown-failed') >= again ? 'warning' : 'info',
        title: `The CNI plugin${plugin} fails: pods get no network, or keep theirs`,
        past: `The CNI plugin${plugin} failed`,
        summary:
          'Sandboxes cannot be started or stopped while the network plugin fails, so pods stay in ContainerCreating or Terminating.',
        remedies: [
          {
            text: 'Look at the plugin’s agent on this node and at its files in /etc/cni/net.d.',
            command: 'ls -l /etc/cni/net.d',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});
