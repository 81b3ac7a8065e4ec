import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, type Remedy, rule } from './engine/rule.ts';
import { has, hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** Once may be a mistake in one container. */
const again = 2;

const missing: Remedy = {
  text: 'See which profiles are loaded, then load that one. Docker and containerd load their own profile before they start a container: where it was unloaded, start a new container, or restart the daemon.',
  command: 'aa-status; apparmor_parser -r -W /etc/apparmor.d/PROFILE',
  risk: 'low',
};

const confined: Remedy = {
  text: 'A profile confines the daemon itself, and does not let it change into that of containers. Take it off the daemon (aa-disable), or allow it: change_profile -> NAME.',
  command: 'aa-status',
  risk: 'none',
};

const labels: Remedy = {
  text: 'See the labels of the runtime and of the program. A runtime that was copied to its place lacks its own (container_runtime_exec_t): restorecon, or the package container-selinux, sets it; restart the daemon then.',
  command: 'ls -Z "$(command -v runc)" "$(command -v containerd)"; ausearch -m avc -ts recent | tail -n 20',
  risk: 'none',
};

const refused: Remedy[] = [
  {
    text: 'See whether user and PID namespaces and process ids are allowed, and enough: a limit of 0 allows none.',
    command: 'sysctl user.max_user_namespaces user.max_pid_namespaces kernel.pid_max',
    risk: 'none',
  },
  {
    text: 'See whether the kernel killed it: a memory limit of the container that is below what runc takes ends it too. Raise that limit.',
    command: "dmesg -T | grep -iE 'oom|out of memory' | tail -n 20",
    risk: 'none',
  },
];

/** The kernel denies a step of a start: AppArmor or SELinux the last, in which the first program is executed, or a limit the first. */
export const deniedStart = rule({
  id: 'denied-start',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['apparmor-start-denied', 'selinux-start-denied'], hourMs);
    if (trouble === null) return refusedInit(logs, at);
    const isSelinux = has(trouble, 'selinux-start-denied');
    const isMissing = trouble.tallies.some(({ example = '' }) => example.includes('label not found'));
    const names = namesIn(trouble.about);
    const why = isSelinux
      ? `SELinux denies the execution of ${names}`
      : isMissing
        ? `the AppArmor profile ${names} is not loaded`
        : `AppArmor denies the change to the profile ${names}`;
    return [
      logFinding(trouble, at, {
        id: 'denied-start',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        confidence: 'certain',
        title: `Containers cannot be started: ${why}`,
        past: `Containers could not be started: ${why}`,
        summary:
          'The runtime made the container, and the kernel refused the last step: it ends at once, with “permission denied” or “no such file or directory”. An exec in a container that runs fails alike.',
        remedies: [
          ...(isSelinux ? [labels] : []),
          ...(has(trouble, 'apparmor-start-denied') ? [isMissing ? missing : confined] : []),
        ],
      }),
    ];
  },
});

/** Also if the tries are far apart: each is a container that was not started. */
function refusedInit(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['runc-init-died'], hourMs);
  if (trouble === null) return [];
  const why = 'the first process of runc ends before it gives its PID';
  return [
    logFinding(trouble, at, {
      id: 'denied-start',
      severity: trouble.count >= again ? 'warning' : 'info',
      title: `Containers cannot be created: ${why}`,
      past: `Containers could not be created: ${why}`,
      summary:
        'The kernel refused something to the process that sets up the container: namespaces, process ids, memory within the limit of the container, or a write that needs a capability. The line does not say which.',
      remedies: refused,
      references: [
        'https://github.com/opencontainers/runc/issues/3666',
        'https://github.com/opencontainers/runc/issues/2736',
      ],
    }),
  ];
}
