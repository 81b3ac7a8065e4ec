import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import { type UnansweredStorage, unansweredStorage } from '../model/processes/unanswered.ts';
import type { FuseDaemon } from '../sample/processes.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import {
  containersOf,
  effectWords,
  type Held,
  heldBy,
  heldEvidence,
  heldSince,
  isLong,
  pidsOf,
  severityOf,
  stuckSentence,
} from './shared/root-causes.ts';

/** A file server or a FUSE daemon does not answer: the cause of all that waits for it, however many mounts it has. */
export const deadNetworkStorage = rule({
  id: 'dead-network-storage',
  needs: ['processes'],
  uses: ['containers', 'shims'],
  matters: false,
  judge: (given) =>
    unansweredStorage(given.processes.list).flatMap((storage) => {
      const held = heldBy(storage.processes, storage.devices, given);
      return isLong(held) ? [findingOf(storage, held, given)] : [];
    }),
});

function findingOf(storage: UnansweredStorage, held: Held, given: Parts & Daemons): Finding {
  const { mountPoints, sources, type } = storage;
  const who = whoOf(storage);
  const effect = effectWords(held);
  const longest = Math.max(...held.processes.map(({ seconds }) => seconds));
  return {
    id: 'dead-network-storage',
    severity: severityOf(held),
    confidence: 'likely',
    title: `${who} does not answer${effect === '' ? '' : `: ${effect}`}`,
    summary: `${who} (${type}) does not answer. ${countOf(held.processes.length, 'process', 'processes')} ${plural(held.processes.length, 'has', 'have')} waited for ${held.processes.length === 1 ? '' : 'up to '}${formatSeconds(longest)} at ${listOf([...mountPoints], 3)}.${stuckSentence(held, 'it answers')}${daemonSentence(storage, given)}`,
    since: heldSince(held, given),
    evidence: [
      ...heldEvidence(held),
      { source: `/proc/${held.processes[0]?.pid ?? 'PID'}/mountinfo`, text: `mounts: ${listOf([...sources], 8)}` },
    ],
    subjects: {
      ...noSubjects,
      containers: containersOf(held),
      pids: pidsOf(held),
      mounts: mountPoints,
      // The server by its name too: the kernel's log names no export.
      devices: storage.kind === 'fuse' ? sources : [...new Set([storage.name, ...sources])],
    },
    ruledOut: [],
    remedies: [...stoppedDaemons(storage, given), ...remediesOf(storage, held)],
    references: ['https://man7.org/linux/man-pages/man5/nfs.5.html'],
  };
}

function whoOf({ kind, name }: UnansweredStorage): string {
  if (kind === 'fuse') return `The FUSE daemon of ${name}`;
  return kind === 'nfs' ? `The NFS server ${name}` : `The file server ${name}`;
}

type Daemons = Parts<'processes'>;

const daemonsOf = ({ kind, type }: UnansweredStorage, { processes }: Daemons): readonly FuseDaemon[] =>
  kind === 'fuse' ? (processes?.fuseDaemons ?? []).filter((daemon) => daemon.type === type) : [];

/** By its name only: of several one cannot be chosen. */
function daemonSentence(storage: UnansweredStorage, given: Daemons): string {
  const daemons = daemonsOf(storage, given);
  const [only, ...more] = daemons;
  if (only === undefined) return '';
  const named = ({ comm, pid, state }: FuseDaemon): string => `${comm} (pid ${pid}, ${stateWords[state] ?? state})`;
  return more.length === 0
    ? ` Its daemon is probably ${named(only)}.`
    : ` Its daemon is one of ${listOf(daemons.map(named), 4)}.`;
}

const stateWords: Readonly<Record<string, string>> = {
  S: 'asleep',
  R: 'running',
  D: 'itself in D',
  T: 'stopped by a signal',
};

function stoppedDaemons(storage: UnansweredStorage, given: Daemons): Remedy[] {
  return daemonsOf(storage, given)
    .filter(({ state }) => state === 'T')
    .slice(0, 1)
    .map(({ comm, pid }) => ({
      text: `Continue ${comm}: a signal stopped it.`,
      command: `kill -CONT ${pid}`,
      risk: 'low',
    }));
}

function remediesOf({ kind, name, devices, mountPoints }: UnansweredStorage, { processes }: Held): Remedy[] {
  if (kind === 'fuse') {
    return [
      {
        text: `Start the FUSE daemon of ${name} again. Or abort its connection: every request to it then fails, for all its users.`,
        command: `echo 1 > /sys/fs/fuse/connections/${quote(devices[0]?.split(':')[1] ?? 'N')}/abort`,
        risk: 'high',
      },
    ];
  }
  const [first] = processes;
  return [
    {
      text: `Restore ${name}, or the network to it: all blocked processes then continue.`,
      command: `ping -c 3 ${quote(name)}`,
      risk: 'none',
    },
    ...(first === undefined
      ? []
      : [
          {
            text: 'If it does not come back, unmount by force: requests that wait fail, and data that was not written is lost.',
            command: mountPoints
              .slice(0, 3)
              .map((path) => `nsenter -t ${first.pid} -m umount -f -l ${quote(path)}`)
              .join('\n'),
            risk: 'high' as const,
          },
        ]),
  ];
}
