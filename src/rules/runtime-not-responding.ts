import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, type Remedy, rule } from './engine/rule.ts';
import { runtimeOf } from './shared/daemons-of-logs.ts';
import { has, hasStopped, hourly, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** One or two calls that time out are a moment of load; this many in an hour are not. */
const manyCalls = 3;
/** The kubelet gives a call two minutes, and a pod whose call failed up to two more before the next. */
const nextTryMs = 300_000;
const briefMs = 30_000;
const silentMs = 60_000;

/** The kubelet says that the container runtime does not answer it: for all calls, or for those about one container. */
export const runtimeNotResponding = rule({
  id: 'runtime-not-responding',
  needs: ['logs'],
  uses: ['daemons', 'cri'],
  matters: false,
  judge: ({ logs, daemons, cri, otherDaemons, at }) => {
    const unread = troubleIn(logs, ['runtime-status-unknown'], firstStatusMs);
    const trouble = troubleIn(logs, [
      'pleg-unhealthy',
      'runtime-down',
      'runtime-call-timeout',
      'pod-sync-timeout',
      'reinspection-failed',
      'create-timeout',
      'message-too-large',
    ]);
    if (unread !== null && lasts(unread, logs) && trouble?.recent !== true) return [noStatus(unread, at)];
    if (trouble === null) {
      const late = troubleIn(logs, ['start-timeout']);
      return late === null ? [] : [lateStarts(late, at)];
    }
    const unhealthy = has(trouble, 'pleg-unhealthy', 'runtime-down');
    const { severity, title, past } = unhealthy ? notReady(trouble) : slowCalls(trouble);
    const who = trouble.containers.length > 0 ? trouble.containers : podsOf(trouble);
    const recurring = who.length === 0 ? '' : ` The calls that fail name ${namesIn(who)}.`;
    const large = has(trouble, 'message-too-large') ? ' The list of containers exceeds the gRPC limit of 16 MiB.' : '';
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) && !wasBrief(trouble) }, at, {
        id: 'runtime-not-responding',
        severity,
        title,
        past,
        summary: `Calls of the kubelet to the container runtime time out.${recurring}${large} The cause is in the runtime or in one container, not in the kubelet.`,
        remedies: remediesOf(trouble, who),
        subjects: { daemons: runtimeOf(trouble, { logs, daemons, cri, otherDaemons, at }) },
        references: ['https://github.com/kubernetes/kubernetes/issues/45419'],
      }),
    ];
  },
});

/** The kubelet says so every five seconds, on each node for a moment after its start. */
const firstStatusMs = 60_000;
const saidTimes = 3;

function lasts({ firstAt, lastAt, lastHour }: LogTrouble, { tallies }: LogsModel): boolean {
  if (firstAt === null || lastAt === null || lastHour < saidTimes) return false;
  const startedAt = tallies.find(({ sign }) => sign === 'kubelet-started')?.lastAt ?? firstAt;
  return lastAt - Math.min(firstAt, startedAt) >= firstStatusMs;
}

function noStatus(trouble: LogTrouble, at: number): Finding {
  return logFinding(trouble, at, {
    id: 'runtime-not-responding',
    severity: 'critical',
    title: 'The kubelet still waits for the first status of the container runtime',
    past: 'The kubelet waited for the first status of the container runtime',
    summary:
      'It starts no pod and reports NotReady until the runtime has answered once. The call hangs in the runtime, or in the kubelet before it.',
    remedies: [
      {
        text: 'Ask the runtime for its status. If that hangs, see what it waits for; if it answers, restart the kubelet.',
        command: 'timeout 10 crictl info | head -20',
        risk: 'none',
      },
      {
        text: 'Look for a held lock in the goroutines of the runtime.',
        command: 'rtwatch goroutines containerd',
        risk: 'none',
      },
    ],
    references: ['https://github.com/kubernetes/kubernetes/issues/61117'],
  });
}

/** Without a kubelet: dockerd's own containerd. */
function lateStarts(trouble: LogTrouble, at: number): Finding {
  const who = trouble.containers.length === 0 ? '' : `: ${namesIn(trouble.containers)}`;
  return logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
    id: 'runtime-not-responding',
    severity: trouble.lastHour >= manyCalls ? 'warning' : 'info',
    title: `containerd does not start containers within two minutes${who}`,
    past: `containerd did not start containers within two minutes${who}`,
    summary:
      'The start is slow or hangs: in most cases the disk below the engine’s root is busy or does not write. dockerd up to 17.10 can keep the lock of the container, so that docker ps hangs.',
    remedies: [
      {
        text: 'Look at the disk below the engine’s root, and at processes in D.',
        command: 'rtwatch check',
        risk: 'none',
      },
      {
        text: 'See which goroutine holds the lock of that container.',
        command: 'rtwatch goroutines dockerd',
        risk: 'none',
      },
    ],
    subjects: { daemons: ['containerd'] },
    references: ['https://github.com/moby/moby/issues/33828'],
  });
}

/** Both are said every few seconds while they are so: a restart of the runtime has lines for some seconds, and no more. */
function wasBrief({ tallies, firstAt, lastAt, agoMs }: LogTrouble): boolean {
  const isOfNode = tallies.every(({ sign }) => sign === 'pleg-unhealthy' || sign === 'runtime-down');
  if (!isOfNode || firstAt === null || lastAt === null || agoMs === null) return false;
  return lastAt - firstAt <= briefMs && agoMs >= silentMs;
}

function notReady(trouble: LogTrouble) {
  const down = has(trouble, 'runtime-down');
  const lines = hourly(trouble, 'pleg-unhealthy', 'runtime-down');
  // A kubelet before 1.14 says so once at each start, before its first poll; of a runtime that is down, every five seconds.
  const once = has(trouble, 'pleg-unhealthy') ? ('warning' as const) : ('info' as const);
  const what = down ? 'the container runtime is down' : 'PLEG is not healthy';
  return {
    severity: lines >= 2 ? ('critical' as const) : once,
    title: `The kubelet says that ${what}: the runtime does not respond in time`,
    past: `The kubelet said that ${what}`,
  };
}

function slowCalls(trouble: LogTrouble) {
  const calls = namesIn(trouble.about.filter((name) => /^[A-Z]\w+$/.test(name)));
  return {
    severity: trouble.lastHour >= manyCalls ? ('warning' as const) : ('info' as const),
    title: `The container runtime does not respond to the kubelet in time${calls === '' ? '' : `: ${calls}`}`,
    past: `The container runtime did not respond to the kubelet in time${calls === '' ? '' : `: ${calls}`}`,
  };
}

function podsOf({ tallies }: LogTrouble): string[] {
  const named = tallies.filter(({ sign }) => sign === 'pod-sync-timeout' || sign === 'reinspection-failed');
  return [...new Set(named.flatMap(({ about }) => about ?? []))];
}

function remediesOf(trouble: LogTrouble, who: readonly string[]): Remedy[] {
  const [first] = trouble.containers;
  return [
    ...(has(trouble, 'message-too-large')
      ? [
          {
            text: 'Remove exited pods and containers: they are in the list too.',
            command: 'crictl rmp -a',
            risk: 'low' as const,
          },
        ]
      : []),
    ...(first !== undefined && /^[0-9a-f]{12,64}$/.test(first)
      ? [
          {
            text: 'Query the runtime for this container alone. If the call hangs, it is the cause: check its shim and its processes in D.',
            command: `timeout 10 crictl inspect ${first.slice(0, 12)}`,
            risk: 'none' as const,
          },
        ]
      : []),
    {
      text: `Find what the runtime waits for: look for a held lock in its goroutines${who.length === 0 ? '' : ', below the calls about that container'}.`,
      command: 'rtwatch goroutines containerd',
      risk: 'none',
    },
  ];
}
