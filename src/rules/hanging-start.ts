import { formatSeconds } from '../base/durations.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { ShimValue } from '../sample/shims.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { journalOf } from './shared/daemon-units.ts';
import { startHangOf } from './shared/silence.ts';

const criticalSeconds = 180;
const maxShims = 4;

/** A daemon runs and its start does not finish: it hangs while it loads shims or restores containers. */
export const hangingStart = rule({
  id: 'hanging-start',
  needs: ['daemons'],
  uses: ['processes', 'shims'],
  matters: true,
  judge: (given) => {
    const hanging = given.daemons.flatMap((daemon) => {
      const because = startHangOf(daemon);
      return because === null ? [] : [{ daemon, because }];
    });
    // dockerd waits for its containerd while it starts, which has no further name.
    const below = hanging.find(({ daemon }) => daemon.name === 'containerd');
    const shown = below === undefined ? hanging : hanging.filter(({ daemon }) => daemon.name !== 'dockerd');
    return shown.map((one) => findingOf(one, one === below ? hanging : [one], given));
  },
});

interface Hang {
  readonly daemon: DaemonModel;
  readonly because: string;
}

type Around = Parts<'processes' | 'shims'>;

function findingOf({ daemon, because }: Hang, all: readonly Hang[], around: Around): Finding {
  const { name, process } = daemon;
  const pid = process?.pid ?? 0;
  const seconds = process?.ageSeconds ?? 0;
  const waits = all.some((one) => one.daemon.name === 'dockerd' && one.daemon !== daemon);
  const isContainerd = daemon.kind === 'containerd';
  const shims = isContainerd ? heldShims(around) : [];
  return {
    id: 'hanging-start',
    severity: seconds >= criticalSeconds ? 'critical' : 'warning',
    // A process whose start rtwatch did not see may have come up and stopped responding since.
    confidence: process?.listens === false || daemon.startsSecondsAgo.length > 1 ? 'certain' : 'likely',
    title: `${name} hangs while it starts: ${formatSeconds(seconds)} after its start ${because.startsWith('it ') ? because : 'it does not respond'}`,
    summary: `${name} (pid ${pid}) was started ${formatSeconds(seconds)} ago and is not ready: ${because}.${waits ? ' dockerd waits for it.' : ''} ${isContainerd ? 'It reconnects to the running shims; one that does not respond blocks it.' : 'It restores its containers; one that does not respond blocks it.'} Running containers keep running, but none can be started, stopped or listed.`,
    since: Math.round((around.at - seconds * 1000) / 1000) * 1000,
    evidence: [
      { source: `/proc/${pid}/stat`, text: `${name} was started ${formatSeconds(seconds)} ago` },
      ...all.map((one) => evidenceOf(one)),
      ...blockedEvidence(pid, around),
      ...shims.map(shimEvidence),
    ],
    subjects: {
      ...noSubjects,
      daemons: all.map((one) => one.daemon.name),
      pids: [...all.flatMap((one) => one.daemon.process?.pid ?? []), ...shims.map((shim) => shim.pid)],
    },
    ruledOut: [],
    remedies: remediesOf(daemon, shims),
    references: ['https://github.com/containerd/containerd/issues/13848'],
  };
}

/** Shims that cannot answer: stopped, or with a thread in D. */
function heldShims({ shims }: Around): readonly ShimValue[] {
  return (shims?.shims ?? [])
    .filter(({ state, waits }) => 'TtD'.includes(state) || waits.length > 0)
    .slice(0, maxShims);
}

function evidenceOf({ daemon: { name, process, endpoint }, because }: Hang): Evidence {
  return process?.listens === false
    ? { source: `/proc/${process.pid}/net/unix`, text: `${name} listens on no socket` }
    : { source: endpoint ?? name, text: because };
}

function blockedEvidence(pid: number, { processes }: Around): Evidence[] {
  const held = processes?.list.find((one) => one.pid === pid && one.blockedTids !== null);
  return held === undefined
    ? []
    : [{ source: `/proc/${pid}/task`, text: `a thread in D: ${held.waits?.text ?? held.wchan ?? 'unknown'}` }];
}

function shimEvidence({ pid, state, waits, bundleId }: ShimValue): Evidence {
  const what = state === 'T' || state === 't' ? 'is stopped' : `waits in ${waits[0] ?? 'D'}`;
  return {
    source: `/proc/${pid}/stat`,
    text: `the shim of ${bundleId?.slice(0, 12) ?? 'a container'} (pid ${pid}) ${what}`,
  };
}

function remediesOf({ name, process }: DaemonModel, shims: readonly ShimValue[]): Remedy[] {
  const stopped = shims.filter(({ state }) => state === 'T' || state === 't');
  return [
    ...(stopped.length === 0
      ? []
      : [
          {
            text: 'Continue the stopped shim: the start then continues.',
            command: `kill -CONT ${stopped.map(({ pid }) => pid).join(' ')}`,
            risk: 'low' as const,
          },
        ]),
    {
      text: 'Make it log its goroutines: goroutine 1 shows what the start waits for. SIGUSR1 does not stop it.',
      command:
        process === null
          ? null
          : `kill -USR1 ${process.pid} && sleep 2 && ${journalOf(name, 2000)} | rtwatch goroutines -`,
      risk: 'low',
    },
    { text: 'Read how far the start got.', command: journalOf(name, 100), risk: 'none' },
    {
      text: 'Kill the shim that it waits for: its containers stop too, and the start continues. Restarting the daemon alone hangs at the same shim.',
      command: null,
      risk: 'high',
    },
  ];
}
