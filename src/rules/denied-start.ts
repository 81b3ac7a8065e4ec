import { type Remedy, rule } from './engine/rule.ts';
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

/** AppArmor or SELinux denies the last step of a start: the first program of a container is not executed. */
export const deniedStart = rule({
  id: 'denied-start',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['apparmor-start-denied', 'selinux-start-denied'], hourMs);
    if (trouble === null) return [];
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
