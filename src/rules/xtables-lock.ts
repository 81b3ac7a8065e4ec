import { rule } from './engine/rule.ts';
import { hourly, logFinding, troubleIn } from './shared/log-trouble.ts';

/** A program that replaces many rules holds the lock for seconds; who waits tries again. */
const again = 3;

/** Rules of iptables cannot be changed: another program holds the xtables lock for long, so ports and networks of containers fail. */
export const xtablesLock = rule({
  id: 'xtables-lock',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['xtables-lock']);
    if (trouble === null) return [];
    return [
      logFinding(trouble, at, {
        id: 'xtables-lock',
        severity: hourly(trouble, 'xtables-lock') >= again ? 'warning' : 'info',
        title: 'iptables waits for the xtables lock, which another program holds',
        past: 'iptables waited for the xtables lock',
        summary:
          'Only one program at a time changes the rules of iptables. Containers with published ports, and services, fail or start slowly while it is held: by kube-proxy, firewalld, a CNI plugin, or a restore of very many rules.',
        remedies: [
          {
            text: 'See which process holds it: the number after WRITE.',
            command: 'grep ":$(stat -c %i /run/xtables.lock) " /proc/locks',
            risk: 'none',
          },
          {
            text: 'Count the rules: with tens of thousands each change takes seconds.',
            command: 'iptables-save | wc -l',
            risk: 'low',
          },
        ],
        references: ['https://github.com/moby/moby/issues/26111', 'https://github.com/moby/moby/issues/44331'],
      }),
    ];
  },
});
