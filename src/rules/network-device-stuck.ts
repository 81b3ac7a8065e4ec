import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kernel says it every ten seconds for as long as it waits. */
const withinMs = 120_000;

/** A network device of a container that is gone cannot be released: its network namespace, and the rtnl lock at times, stay. */
export const networkDeviceStuck = rule({
  id: 'network-device-stuck',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['netdev-refcount'], withinMs);
    if (trouble === null) return [];
    const devices = namesIn(trouble.about);
    return [
      logFinding(trouble, at, {
        id: 'network-device-stuck',
        severity: 'warning',
        confidence: 'certain',
        title: `Network device ${devices} is not released (unregister_netdevice)`,
        past: `Network device ${devices} was not released for a while`,
        summary:
          'The kernel waits for the last reference to a network device. Creating and removing network namespaces may block until then.',
        remedies: [
          {
            text: 'See whether processes wait for the network namespace or the rtnl lock.',
            command: 'rtwatch',
            risk: 'none',
          },
          {
            text: 'When the count does not fall for minutes the kernel has lost a reference: drain the node and reboot it.',
            command: null,
            risk: 'high',
          },
        ],
        references: ['https://github.com/moby/moby/issues/5618'],
      }),
    ];
  },
});
