import { formatSeconds } from '../../base/durations.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import { type Finding, noSubjects, type Remedy } from '../engine/rule.ts';
import { type Silence, unseenSilenceOf } from './silence.ts';

/**
 * Podman's service manages no container: the command does without it, and conmon watches each. So its end is calm. Its silence
 * concerns those who ask through the socket, and everything where it waits for a lock of libpod: the command then waits too.
 */
export function judgePodman(daemon: DaemonModel, silence: Silence | null, at: number): Finding[] {
  const found = silence ?? unseenSilenceOf(daemon);
  return found === null ? [] : [silent(daemon, found, at)];
}

function silent({ process, endpoint }: DaemonModel, { detail, forMs }: Silence, at: number): Finding {
  const isStopped = process?.state === 'T';
  const socket = endpoint ?? 'podman';
  const who = process === null ? `The API at ${socket} does` : `Podman’s service (pid ${process.pid}) lives, but does`;
  const waits = forMs === null ? '' : `, for ${formatSeconds(forMs / 1000)} now`;
  return {
    id: 'silent-daemon',
    severity: 'critical',
    confidence: 'certain',
    title: `podman does not answer${isStopped ? ': a signal stopped its service' : ''}`,
    summary: `${who} not answer${waits}: ${detail}. ${isStopped ? 'A signal (SIGSTOP) stopped the process. ' : ''}Containers go on, and the podman command does without the service. What uses the socket waits.`,
    since: forMs === null ? null : Math.round((at - forMs) / 1000) * 1000,
    evidence: [
      { source: socket, text: detail },
      ...(process === null ? [{ source: '/proc', text: 'no podman process listens there' }] : processEvidence(process)),
    ],
    subjects: { ...noSubjects, daemons: ['podman'], pids: process === null ? [] : [process.pid] },
    ruledOut: [],
    remedies:
      process !== null && isStopped
        ? [continued(process.pid)]
        : [isItTheLock(socket), ...ended(process?.pid ?? null, userOf(socket))],
    references: ['https://docs.podman.io/en/latest/markdown/podman-system-service.1.html'],
  };
}

function processEvidence({ pid, state, ageSeconds }: NonNullable<DaemonModel['process']>): Finding['evidence'] {
  const source = `/proc/${pid}/stat`;
  return [
    ...(state === 'T' ? [{ source, text: 'the process is in state T: stopped by a signal' }] : []),
    { source, text: `podman was started ${formatSeconds(ageSeconds)} ago` },
  ];
}

const continued = (pid: number): Remedy => ({
  text: 'Continue it: it then answers what waits.',
  command: `kill -CONT ${pid}`,
  risk: 'low',
});

const userOf = (socket: string): string | undefined => /\/run\/user\/(\d{1,10})\//.exec(socket)?.[1];

/** Podman without root has containers, locks and a service of its own for each user. */
function isItTheLock(socket: string): Remedy {
  const user = userOf(socket);
  const asUser = user === undefined ? '' : `sudo -u '#${user}' XDG_RUNTIME_DIR=/run/user/${user} `;
  return {
    text: 'See whether the command waits too. Then a process of Podman holds a lock: look for a podman or a conmon that hangs.',
    command: `${asUser}timeout 10 podman ps`,
    risk: 'none',
  };
}

/** Go's runtime prints all stacks at SIGQUIT, and exits. */
function ended(pid: number | null, user: string | undefined): Remedy[] {
  if (pid === null) return [];
  // The unit of a user is in no unit of the system’s journal.
  const log = user === undefined ? '-u podman' : `_SYSTEMD_USER_UNIT=podman.service _UID=${user}`;
  return [
    {
      text: `End the service: at SIGQUIT it writes its goroutines into its log (journalctl ${log}). Containers go on. systemd starts another at the next request, where it has the socket.`,
      command: `kill -QUIT ${pid}`,
      risk: 'low',
    },
  ];
}
