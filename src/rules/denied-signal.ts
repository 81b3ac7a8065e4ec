import { isInRange } from '../base/versions.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** One container that is stopped gives a line for each attempt. */
const again = 2;

/**
 * AppArmor denies the signals that end containers: the profile of containerd and of Docker did not let a confined runc (Ubuntu 23.10,
 * AppArmor 4) send them.
 */
export const deniedSignal = rule({
  id: 'denied-signal',
  needs: ['logs'],
  uses: ['daemons'],
  matters: false,
  judge: ({ logs, daemons, at }) => {
    const trouble = troubleIn(logs, ['signal-denied', 'signal-not-permitted']);
    if (trouble === null) return [];
    const profiles = trouble.about.length === 0 ? '' : ` (profile ${namesIn(trouble.about)})`;
    const senders = sendersIn(logs);
    const old = (daemons ?? []).filter(({ kind, version }) => kind === 'containerd' && lacksFix(version));
    const versions = old.map(({ name, version }) => `${name} ${version}`).join(', ');
    return [
      logFinding(trouble, at, {
        id: 'denied-signal',
        severity: trouble.lastHour >= again ? 'critical' : 'warning',
        title: `AppArmor denies the signal that stops containers${profiles}`,
        past: `AppArmor denied a signal that stops containers${profiles}`,
        summary: `${senders.length === 0 ? 'runc' : namesIn(senders)} may not send a signal to the first process of a container, so each stop fails and pods stay Terminating.${versions === '' ? '' : ` ${versions} has the profile without that permission.`} ${isOfRuntime(senders) ? 'Fixed in containerd 1.6.32, 1.7.16 and 2.0.0, and in Docker 26.1.' : 'A profile confines the sender, and the profile of the containers accepts no signal from it.'}`,
        confidence: 'certain',
        subjects: { daemons: old.map(({ name }) => name) },
        remedies: [
          {
            text: 'Now: end the first process of the container from the host; AppArmor does not confine that.',
            command: 'kill -KILL PID',
            risk: 'high',
          },
          isOfRuntime(senders)
            ? {
                text: 'Upgrade containerd or Docker, and create the containers anew: a profile is loaded when it is first used after a boot.',
                command: null,
                risk: 'low',
              }
            : {
                text: 'Take the profile off the sender (aa-disable), or let the profile of the containers accept its signals: signal (receive) peer=NAME, with the name that the lines give as peer.',
                command: 'aa-status',
                risk: 'none',
              },
        ],
        references: [
          'https://github.com/containerd/containerd/issues/10542',
          'https://github.com/opencontainers/runc/issues/4281',
          'https://github.com/moby/moby/pull/47749',
        ],
      }),
    ];
  },
});

const sendersIn = ({ lines }: LogsModel): string[] => [
  ...new Set(lines.flatMap(({ sign, comm }) => (sign === 'signal-denied' ? (comm ?? []) : []))),
];

/** Whose signals the profiles of the engines accept since then. */
const isOfRuntime = (senders: readonly string[]): boolean => senders.every((name) => /^(?:runc|crun)\b/.test(name));

function lacksFix(version: string | null): boolean {
  return [
    { from: null, before: '1.6.32' },
    { from: '1.7.0', before: '1.7.16' },
  ].some((range) => isInRange(version, range) === true);
}
