import { countOf, formatCount, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { isBefore } from '../base/versions.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { StacksModel } from '../model/daemons/stacks.ts';
import { talliesBySign } from '../model/logs/logs.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, rule } from './engine/rule.ts';
import { daemonNamed, restartDockerd, stacksOf, stacksSource } from './shared/daemon-words.ts';

/** A daemon opens its streams within seconds of its start, and again when containerd is restarted. */
const startSeconds = 30;
/** containerd 0.2 had one stream for containers and plugins; since 17.11 there are two. */
const twoStreamsSince = '17.11.0';

/** dockerd does not hear containerd's events: containers that have exited go on "running", and stops wait for them. */
export const lostEventStream = rule({
  id: 'lost-event-stream',
  needs: ['stacks', 'daemons'],
  uses: ['containers', 'shims', 'logs', 'mounts'],
  matters: false,
  judge: (given) => {
    const stacks = stacksOf(given.stacks, 'dockerd');
    if (stacks === null || !hasSettled(stacks, given)) return [];
    const confidence = confidenceOf(stacks, given);
    return confidence === null ? [] : [findingOf(stacks, confidence, given)];
  },
});

type Around = Parts<'daemons' | 'containers' | 'shims' | 'logs' | 'mounts'>;

/** At the time of the poll, not now. */
function hasSettled({ ageSeconds }: StacksModel, { daemons }: Parts<'daemons'>): boolean {
  const dockerd = daemonNamed(daemons, 'dockerd')?.process ?? null;
  if (dockerd === null || dockerd.ageSeconds - ageSeconds < startSeconds) return false;
  const containerd = daemonNamed(daemons, 'containerd');
  // Without containerd there is nothing to hear: that is another finding.
  if (containerd?.status === 'gone') return false;
  return containerd?.process == null || containerd.process.ageSeconds - ageSeconds >= startSeconds;
}

function confidenceOf(stacks: StacksModel, around: Around): Finding['confidence'] | null {
  const { eventStreams, patterns } = stacks;
  const isLogged = lostAt(around) !== null;
  if (eventStreams.status === 'missing') return isLogged || ghostsOf(around).length > 0 ? 'certain' : 'likely';
  if (eventStreams.status !== 'incomplete') return null;
  if (isLogged) return 'likely';
  const trend = patterns.find(({ id }) => id === 'event-stream');
  const lasts = trend !== undefined && trend.polls >= 2 && (trend.perMinute ?? 1) <= 0;
  return lasts && isBefore(daemonNamed(around.daemons, 'dockerd')?.version ?? null, twoStreamsSince) === false
    ? 'possible'
    : null;
}

/** When the log last mentioned it, since this dockerd was started; milliseconds since 1970. */
function lostAt({ daemons, logs, at }: Parts<'daemons' | 'logs'>): number | null {
  const lastAt = talliesBySign(logs).find(({ sign }) => sign === 'event-stream-lost')?.lastAt ?? null;
  const process = daemonNamed(daemons, 'dockerd')?.process ?? null;
  return lastAt !== null && process !== null && lastAt >= at - process.ageSeconds * 1000 ? lastAt : null;
}

/** Running as the engine has it, with a shim and no process below it: their exit was not heard. */
function ghostsOf({ containers, shims }: Parts<'containers' | 'shims'>): ContainerModel[] {
  return (containers?.list ?? []).filter(({ id, listState }) => {
    const own = shims?.shims.find(({ bundleId }) => bundleId === id);
    return listState === 'running' && own !== undefined && own.containers.length === 0;
  });
}

function findingOf(stacks: StacksModel, confidence: Finding['confidence'], around: Around): Finding {
  const { eventStreams } = stacks;
  const ghosts = ghostsOf(around);
  const isMissing = eventStreams.status === 'missing';
  const which = isMissing ? 'containerd’s events' : 'one of containerd’s two event streams';
  const shown =
    ghosts.length === 0
      ? ''
      : ` ${listOf(ghosts.map(({ label }) => label))} ${plural(ghosts.length, 'counts', 'count')} as running, without a process.`;
  return {
    id: 'lost-event-stream',
    severity: confidence === 'possible' ? 'warning' : 'critical',
    confidence,
    title: `dockerd does not hear ${which}`,
    summary: `${isMissing ? 'No goroutine' : 'Only one goroutine, where two are healthy,'} of dockerd reads containerd’s events: exits ${isMissing ? 'are' : 'of containers, or of plugins, are'} lost, so containers that exited are still listed as running, and each stop waits for an exit that is past.${shown}`,
    since: lostAt(around),
    evidence: evidenceOf(stacks, ghosts, around),
    subjects: {
      ...noSubjects,
      containers: ghosts.map(({ id }) => id),
      pids: [daemonNamed(around.daemons, 'dockerd')?.process?.pid ?? []].flat(),
      daemons: ['dockerd'],
    },
    ruledOut:
      ghosts.length > 0
        ? [
            {
              id: 'unkillable-container',
              because: `${countOf(ghosts.length, 'container')} of these ${plural(ghosts.length, 'has', 'have')} no process left that could be held`,
            },
          ]
        : [],
    remedies: [
      {
        text: 'Keep a dump of dockerd first: it is the proof.',
        command: 'rtwatch dump dockerd',
        risk: 'none',
      },
      ...restartDockerd(around, 'A new dockerd opens its streams again, and asks containerd for what it has missed.'),
    ],
    references: ['https://github.com/moby/moby/blob/v20.10.24/libcontainerd/remote/client.go'],
  };
}

function evidenceOf(stacks: StacksModel, ghosts: readonly ContainerModel[], around: Around): Evidence[] {
  const at = lostAt(around);
  const process = daemonNamed(around.daemons, 'dockerd')?.process ?? null;
  return [
    {
      source: stacksSource(stacks),
      text: `${formatCount(stacks.eventStreams.count)} of ${formatCount(stacks.report.total)} goroutines in processEventStream (2 are healthy: moby and plugins.moby)`,
    },
    ...(process === null
      ? []
      : [
          {
            source: `/proc/${process.pid}/stat`,
            text: `dockerd was started ${formatSeconds(process.ageSeconds)} ago: it is not just starting`,
          },
        ]),
    ...(at === null ? [] : [{ source: 'logs: event-stream-lost', text: 'the stream was lost', at }]),
    ...ghosts.slice(0, 4).map(({ label, id }) => ({
      source: 'GET /containers/json',
      text: `${label} (${id.slice(0, 12)}) is running; its shim has no process below it`,
    })),
  ];
}
