import { rule } from './engine/rule.ts';
import { hourly, type LogTrouble, logFinding, troubleIn } from './shared/log-trouble.ts';

/** A program that replaces many rules holds the lock for seconds; who waits tries again. */
const again = 3;
const oftenMs = 300_000;

/** Waits that are far apart are each over before the next. */
const isOften = ({ firstAt, lastAt, count }: LogTrouble): boolean =>
  firstAt === null || lastAt === null || (lastAt - firstAt) / Math.max(1, count - 1) <= oftenMs;

/** Rules of iptables cannot be changed: another program holds the xtables lock for long, so ports and networks of containers fail. */
export const xtablesLock = rule({
  id: 'xtables-lock',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['xtables-lock', 'xtables-lock-proxy']);
    if (trouble === null) return [];
    return [
      logFinding(trouble, at, {
        id: 'xtables-lock',
        severity:
          hourly(trouble, 'xtables-lock', 'xtables-lock-proxy') >= again && isOften(trouble) ? 'warning' : 'info',
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
