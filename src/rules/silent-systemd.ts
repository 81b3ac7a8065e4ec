import { type Finding, rule } from './engine/rule.ts';
import { hourly, type LogTrouble, logFinding, troubleIn } from './shared/log-trouble.ts';

/** A reload of systemd, or a boot, answers late once. Our own judgement. */
const again = 3;

/**
 * runc to 1.0.0-rc92 waits for systemd for one second (opencontainers/runc#1754), logs that, and goes on: systemd is slow then. Later ones
 * wait thirty, and give up (opencontainers/runc#2614).
 */
const goesOn = /Continuing\.\.\./;

/** systemd does not answer on D-Bus: with the systemd cgroup driver no container starts or stops, and no mount of the kubelet is made. */
export const silentSystemd = rule({
  id: 'silent-systemd',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const closed = troubleIn(logs, ['systemd-connection-closed']);
    const trouble = troubleIn(logs, ['systemd-no-answer']);
    if (closed !== null && (closed.recent || trouble === null)) return [closedFinding(closed, at)];
    if (trouble === null) return [];
    const isSlow = trouble.tallies.every(({ example = '' }) => goesOn.test(example));
    const words = isSlow ? 'answers late on D-Bus' : 'does not answer on D-Bus';
    return [
      logFinding(trouble, at, {
        id: 'silent-systemd',
        severity: hourly(trouble, 'systemd-no-answer') >= again ? (isSlow ? 'warning' : 'critical') : 'info',
        title: `systemd ${words}`,
        past: isSlow ? 'systemd answered late on D-Bus' : 'systemd did not answer on D-Bus',
        summary: `${isSlow ? 'runc waited in vain for systemd to confirm a control group, and went on.' : 'Calls to systemd time out. Runtimes that make their control groups through systemd cannot start or stop a container, and systemctl hangs.'} Most often systemd is busy with very many units (mounts, scopes) or with a storm of mounts, or the bus has no connection left.`,
        remedies: [
          {
            text: 'See whether systemd (pid 1) keeps a CPU busy: its time in user and kernel mode (fields 14 and 15) has to stand still.',
            command: 'cut -d " " -f 14,15 /proc/1/stat; sleep 5; cut -d " " -f 14,15 /proc/1/stat; cat /proc/1/wchan',
            risk: 'none',
          },
          {
            text: 'Count its units and the mounts: tens of thousands make each change slow.',
            command: 'timeout 60 systemctl list-units --all | wc -l; wc -l < /proc/1/mountinfo',
            risk: 'none',
          },
          {
            text: 'Have systemd execute itself again (SIGTERM to pid 1 is daemon-reexec): units and containers stay. If it does not answer after that, drain the node and reboot it.',
            command: 'kill -TERM 1',
            risk: 'high',
          },
        ],
        references: [
          'https://github.com/cri-o/cri-o/issues/3808',
          'https://github.com/kubernetes/kubernetes/issues/79194',
          'https://www.freedesktop.org/software/systemd/man/latest/systemd.html#Signals',
        ],
      }),
    ];
  },
});

/** The connection of libcontainer inside the kubelet: to Kubernetes 1.24 it is not opened again (kubernetes#110496). */
function closedFinding(trouble: LogTrouble, at: number): Finding {
  return logFinding(trouble, at, {
    id: 'silent-systemd',
    severity: hourly(trouble, 'systemd-connection-closed') >= again ? 'critical' : 'info',
    title: 'The kubelet has no connection to systemd (D-Bus): it creates no pod',
    past: 'The kubelet had no connection to systemd (D-Bus)',
    summary:
      'The D-Bus daemon was restarted, or closed the connection, and the kubelet does not open it again. It cannot make the control group of a pod until it is restarted itself.',
    remedies: [
      { text: 'Restart the kubelet: containers continue.', command: 'systemctl restart kubelet', risk: 'low' },
      {
        text: 'Upgrade Kubernetes: newer kubelets open the connection again.',
        command: null,
        risk: 'low',
      },
    ],
    references: ['https://github.com/kubernetes/kubernetes/issues/100328'],
  });
}
