import { type Remedy, rule } from './engine/rule.ts';
import { has, hourly, type LogTrouble, logFinding, troubleIn } from './shared/log-trouble.ts';

/** A command of a user that fails once is tried again by hand. */
const again = 2;

/** Containers of a user other than root do not start: what the node gives that user is missing. */
export const rootlessFailure = rule({
  id: 'rootless-failure',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['rootless-no-namespace', 'rootless-no-session', 'rootless-cgroup-denied']);
    if (trouble === null) return [];
    const account = trouble.about.find((about) => /^\d+$/.test(about));
    const why = has(trouble, 'rootless-no-namespace')
      ? 'newuidmap cannot set up the user namespace'
      : has(trouble, 'rootless-no-session')
        ? 'systemd has no session of the user'
        : 'the control group may not be joined';
    const times = hourly(trouble, 'rootless-no-namespace', 'rootless-no-session', 'rootless-cgroup-denied');
    const who = account === undefined ? 'a user' : `user ${account}`;
    return [
      logFinding(trouble, at, {
        id: 'rootless-failure',
        severity: times >= again ? 'warning' : 'info',
        title: `Rootless containers of ${who} fail: ${why}`,
        past: `Rootless containers of ${who} failed: ${why}`,
        summary: 'Containers of root are not concerned.',
        remedies: remediesOf(trouble, account ?? null),
        references: ['https://github.com/containers/podman/blob/main/troubleshooting.md'],
      }),
    ];
  },
});

function remediesOf(trouble: LogTrouble, account: string | null): Remedy[] {
  const user = account ?? 'USER';
  if (has(trouble, 'rootless-no-namespace')) {
    return [
      {
        text: 'See whether the user has ranges of his own in subuid and subgid, and whether newuidmap and newgidmap are setuid or have their capabilities. NoNewPrivileges of a unit takes these away.',
        command: 'getcap /usr/bin/newuidmap /usr/bin/newgidmap; ls -l /usr/bin/newuidmap; cat /etc/subuid /etc/subgid',
        risk: 'none',
      },
      {
        text: 'After a change of the ranges, end the pause process of the user, as that user. It stops his containers.',
        command: 'podman system migrate',
        risk: 'high',
      },
    ];
  }
  return [
    {
      text: 'See whether systemd runs a manager for the user. After su or sudo there is none: log in by ssh or machinectl, or let it linger.',
      command: `loginctl user-status ${user}`,
      risk: 'none',
    },
    {
      text: 'Keep a manager for the user, also without a login.',
      command: `loginctl enable-linger ${user}`,
      risk: 'low',
    },
  ];
}
