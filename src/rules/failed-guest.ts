import { quote } from '../base/shell-word.ts';
import type { LogTallyModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** An LXC container, a guest of Proxmox VE, LXD or of LXC alone, does not start. */
export const failedGuest = rule({
  id: 'failed-guest',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const isStarted = ({ about, lastAt }: LogTallyModel): boolean =>
      logs.tallies.some(
        (one) => one.sign === 'guest-started' && one.about === about && (one.lastAt ?? 0) >= (lastAt ?? 0),
      );
    const trouble = troubleIn(logs, ['guest-start-failed'], hourMs, (tally) => !isStarted(tally));
    if (trouble === null) return [];
    const reason = logs.tallies.find(({ sign }) => sign === 'guest-start-reason');
    const why = reason?.about === undefined ? '' : `: ${reason.about.trim()}`;
    const [guest] = trouble.about;
    const who = guest === undefined ? 'An LXC container' : `LXC container ${namesIn(trouble.about)}`;
    const isLxd = trouble.tallies.some(({ example = '' }) => example.includes('forkstart'));
    return [
      logFinding({ ...trouble, tallies: [...trouble.tallies, ...(reason === undefined ? [] : [reason])] }, at, {
        id: 'failed-guest',
        severity: 'warning',
        title: `${who} does not start${why}`,
        past: `${who} did not start${why}`,
        summary:
          'LXC gave up before the init of the guest ran: its network, a mount, a control group or a hook failed.',
        remedies: [
          isLxd
            ? {
                text: 'Read the log of the guest: the first error is the cause.',
                command: guest === undefined ? null : `lxc info --show-log ${quote(guest)}`,
                risk: 'none',
              }
            : {
                text: 'Start it in the foreground with a log: the first error in it is the cause. Where it starts, stop it again.',
                command: guest === undefined ? null : `lxc-start -F -n ${quote(guest)} -l DEBUG -o /tmp/lxc-start.log`,
                risk: 'low',
              },
        ],
      }),
    ];
  },
});
