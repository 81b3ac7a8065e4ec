import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { LostPart } from '../model/containers/lost.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { hasContainers } from './shared/live-containers.ts';
import { type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A shim that is slow once responds the next time. */
const again = 3;
/** On a busy node the engine learns of an exit seconds later. A process without its shim is never normal. */
const patienceSeconds: Readonly<Record<LostPart, number>> = { shim: 5, init: 30, both: 30, unreaped: 30 };
const staleListMs = 30_000;
const maxTold = 8;

/**
 * A container is listed as running, and its shim or its first process is gone. Or, where neither engine nor shims are seen, containerd
 * says in its log that it cannot reach shims or clean up after them.
 */
export const lostShim = rule({
  id: 'lost-shim',
  needs: [['logs', 'shims']],
  uses: ['containers', 'cri', 'daemons'],
  matters: false,
  judge: ({ logs, containers, shims, daemons, at }) => {
    if (!hasContainers({ containers, shims })) return logs === null ? [] : logged(logs, at);
    if (containers === null || containers.listAgeMs === null || containers.listAgeMs > staleListMs) return [];
    const lost = containers.list.filter((one) => isLost(one));
    return [...Map.groupBy(lost, ({ lost: found }) => `${found?.listedBy} ${found?.part}`).values()].map((some) =>
      lostFinding(some, { daemons, at }),
    );
  },
});

/** A container that cannot stop, or whose shim is stopped or in D, has a finding of its own. */
function isLost({ lost, stuck, shim }: ContainerModel): boolean {
  if (lost === null || stuck || (shim !== null && 'TtD'.includes(shim.state))) return false;
  return lost.seconds >= patienceSeconds[lost.part];
}

const words: Readonly<Record<LostPart, { readonly gone: string; readonly means: string }>> = {
  shim: {
    gone: 'has lost its shim',
    means:
      'Its processes still run without a parent: the engine cannot stop them or exec into them, their output is lost, and their exit goes unnoticed.',
  },
  init: {
    gone: 'is listed as running, but its first process is gone',
    means:
      'Its shim is alive and has not reported the exit, or the report was lost: the engine believes the container runs, and does not restart it.',
  },
  unreaped: {
    gone: 'is listed as running, but its first process is dead',
    means:
      'Its shim is alive and does not reap it: the engine believes the container runs. The shim is probably deadlocked.',
  },
  both: {
    gone: 'is listed as running, but has neither shim nor processes',
    means: 'The engine missed its exit: it believes the container runs, and does not restart it.',
  },
};

/** The kubelet believes what the runtime lists. */
const meansInPods: Readonly<Record<LostPart, string>> = {
  shim: 'Its processes run on without a shim: they cannot be stopped or entered through the runtime, and their exit goes unnoticed.',
  init: 'Its exit did not reach the runtime. The kubelet sees it as running, and does not restart it.',
  unreaped:
    'Its shim is alive and does not reap it, so the kubelet sees it as running. The shim is probably deadlocked, as exec probes can do.',
  both: 'The runtime missed its exit. The kubelet sees it as running, and does not restart it.',
};

function lostFinding(
  lost: readonly ContainerModel[],
  { daemons, at }: Pick<Parts<'daemons'>, 'daemons' | 'at'>,
): Finding {
  const part = lost[0]?.lost?.part ?? 'both';
  const seconds = Math.max(...lost.map((one) => one.lost?.seconds ?? 0));
  const isCri = lost[0]?.lost?.listedBy === 'cri';
  const names = lost.map(({ label }) => label);
  const { gone, means } = words[part];
  const who = lost.length === 1 ? `${names[0]} ${gone}` : `${lost.length} containers: each ${gone}`;
  const pids = lost.flatMap(({ shim, initPid }) => (part === 'shim' ? (initPid ?? []) : (shim?.pid ?? [])));
  return {
    id: 'lost-shim',
    severity: 'critical',
    confidence: 'certain',
    title: `${who}, for ${formatSeconds(seconds)}`,
    summary: `${listOf(names, 5)}: ${isCri ? meansInPods[part] : means}`,
    since: Math.round((at - seconds * 1000) / 1000) * 1000,
    evidence: lost.slice(0, maxTold).map((one) => ({
      source: isCri ? 'ListContainers, /proc' : '/containers/json, /proc',
      text: `${one.label} (${one.id.slice(0, 12)}): ${isCri ? 'the runtime says "running"' : `the engine says "${one.status}"`}; ${isCri && part === 'init' ? 'its pod’s pause process runs, and no process of it does' : seenWords(one, part)}`,
    })),
    subjects: { ...noSubjects, containers: lost.map(({ id }) => id), pids },
    ruledOut: [],
    remedies: isCri ? podRemedies(lost) : remediesOf(lost, part, daemons),
    references: [
      isCri ? 'https://github.com/containerd/containerd/issues/12678' : 'https://github.com/moby/moby/issues/38501',
    ],
  };
}

function seenWords({ shim, initPid }: ContainerModel, part: LostPart): string {
  if (part === 'unreaped')
    return `its process (pid ${initPid ?? 'unknown'}) is a zombie below its shim (pid ${shim?.pid ?? 'unknown'})`;
  if (part === 'shim') return `its processes run${initPid === null ? '' : ` (pid ${initPid})`} without a shim`;
  return part === 'init'
    ? `nothing runs below its shim (pid ${shim?.pid ?? 'unknown'})`
    : 'it has no shim and no process';
}

function podRemedies(lost: readonly ContainerModel[]): Remedy[] {
  const [first] = lost;
  if (first === undefined || first.pod === null) return [];
  return [
    ...(first.lost?.part === 'unreaped' && first.shim !== null
      ? [
          {
            text: 'Make its shim log its goroutines through containerd. SIGUSR1 does not stop it.',
            command: `kill -USR1 ${first.shim.pid}`,
            risk: 'low' as const,
          },
        ]
      : []),
    {
      text: 'Delete the pod: its controller makes it anew. The other containers of the pod restart with it.',
      command: `kubectl delete pod -n ${quote(first.namespace ?? 'default')} ${quote(first.pod)}`,
      risk: 'high',
    },
  ];
}

function remediesOf(lost: readonly ContainerModel[], part: LostPart, daemons: readonly DaemonModel[] | null): Remedy[] {
  const [first] = lost;
  const id = first?.id.slice(0, 12) ?? '';
  const pid = first?.initPid ?? null;
  const live = daemons?.find(({ isEngine }) => isEngine)?.settings?.liveRestore ?? null;
  return [
    ...(part === 'shim' && pid !== null
      ? [
          {
            text: 'Stop its processes, then start it again: without a shim no engine can manage it.',
            command: `kill -TERM ${pid}`,
            risk: 'high' as const,
          },
        ]
      : []),
    ...((part === 'init' || part === 'unreaped') && first?.shim != null
      ? [
          {
            text: 'Kill the shim: containerd then cleans up, and the engine learns of the exit.',
            command: `kill -KILL ${first.shim.pid}`,
            risk: 'low' as const,
          },
        ]
      : []),
    { text: 'Remove it by force, and start it again.', command: `docker rm -f ${quote(id)}`, risk: 'low' },
    {
      text: `Restart dockerd: it compares its list with containerd.${live === true ? ' Live-restore is on: other containers keep running.' : ' Without live-restore this stops all containers.'}`,
      command: 'systemctl restart docker',
      risk: live === true ? 'low' : 'high',
    },
  ];
}

function logged(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['task-exit-failed', 'shim-not-answering', 'shim-cleanup-failed', 'leaked-shim']);
  if (trouble === null) return [];
  const who = namesIn(trouble.containers);
  return [
    logFinding(trouble, at, {
      id: 'lost-shim',
      severity: repeatedIn(trouble) >= again ? 'warning' : 'info',
      title: `Shims do not respond, or are gone${who === '' ? '' : `: ${who}`}`,
      past: `Shims did not respond, or were gone${who === '' ? '' : `: ${who}`}`,
      summary:
        'containerd cannot query or clean up the shims of these containers. Their state is unknown to it, and lists that query them are slow.',
      remedies: [
        {
          text: 'See whether a shim is stopped, in D, or without its container.',
          command: 'rtwatch',
          risk: 'none',
        },
      ],
    }),
  ];
}

/** Lines about one container again and again; one line each is of exits that worked at the second try. */
function repeatedIn({ tallies }: LogTrouble): number {
  const named = tallies.filter(({ container }) => container !== null);
  const byContainer = Map.groupBy(named, ({ container }) => container).values();
  const counts = [...byContainer].map((same) => linesIn(same)).filter((count) => count > 1);
  return linesIn(tallies.filter(({ container }) => container === null)) + counts.reduce((sum, count) => sum + count, 0);
}

const linesIn = (tallies: LogTrouble['tallies']): number =>
  tallies.reduce((sum, { count, lastHour = count, agoMs }) => sum + (agoMs === null ? count : lastHour), 0);
