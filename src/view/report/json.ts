import { isoMoment } from '../../base/moments.ts';
import { blindSpots } from '../../model/blind-spots.ts';
import type { ContainerModel } from '../../model/containers/container.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { Model } from '../../model/model.ts';
import type { ProcessesModel, ProcessModel } from '../../model/processes/processes.ts';
import { resolvedContainers } from '../../rules/engine/container-outcomes.ts';
import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import { diskJson, pressureMoreJson } from './disks-json.ts';
import { mountJson } from './mounts.ts';
import { overall } from './overall.ts';
import { countsOf } from './status-line.ts';

/** The object of `check --json`. Fields only get added; names and types are promised. */
export function reportJson(model: Model, verdicts: Verdicts, all: boolean): object {
  const { findings, unknown } = verdicts;
  const { containers, processes, disks } = model;
  return {
    schema: 1,
    status: overall(model, verdicts),
    counts: countsOf(model, verdicts),
    takenAt: new Date(model.at).toISOString(),
    host: hostJson(model),
    sources: model.sources.map(({ name, status, tookMs, detail }) => ({
      name,
      status,
      tookMs: Math.round(tookMs * 10) / 10,
      detail,
    })),
    slowed: model.sampler.slowed,
    findings: findings.map(findingJson),
    unknown: [
      ...blindSpots(model),
      ...unknown.map(({ id, because, remedy }) => ({ id, because, remedy: remedy ?? null })),
    ],
    daemons: model.daemons.map(daemonJson),
    otherDaemons: model.otherDaemons,
    containers: (containers?.list ?? []).filter(({ stuck }) => stuck || all).map(containerJson),
    resolved: resolvedContainers(verdicts).map(({ id, name, since, until, how }) => ({
      id,
      name,
      how,
      since: isoMoment(since),
      until: isoMoment(until),
    })),
    processes: (processes?.list ?? []).map((process) => processJson(process, processes?.sleepers ?? [])),
    mounts: (model.mounts?.leaks ?? []).map(mountJson),
    disks: (disks?.list ?? []).map(diskJson),
    pressure: {
      io: pressureOf(model),
      dirtyBytes: disks?.dirtyBytes ?? null,
      writebackBytes: disks?.writebackBytes ?? null,
      ...pressureMoreJson(model),
    },
  };
}

function hostJson({ host, daemons }: Model): object {
  const engine = daemons.find(({ isEngine }) => isEngine) ?? null;
  const containerd = daemons.find(({ name }) => name === 'containerd')?.version ?? null;
  return {
    hostname: host?.hostname ?? null,
    kernel: host?.kernel ?? null,
    uptimeSeconds: host?.uptimeSeconds ?? null,
    engine:
      engine === null || engine.version === null
        ? null
        : { name: engine.name === 'dockerd' ? 'docker' : engine.name, version: engine.version },
    containerd: containerd === null ? null : { version: containerd },
  };
}

/** `until` is null for what is so now; `causes` and `consequences` hold keys of other findings in the same report; `openedAt` is there where findings are followed over time. */
export function findingJson({ depth: _, lifecycle, key, causes, consequences, ...finding }: Diagnosis): object {
  return {
    ...finding,
    since: isoMoment(finding.since),
    until: isoMoment(finding.until ?? null),
    evidence: finding.evidence.map(({ at, ...evidence }) =>
      at === undefined ? evidence : { ...evidence, at: isoMoment(at) },
    ),
    key,
    causes,
    consequences,
    ...(lifecycle === undefined ? {} : { openedAt: isoMoment(lifecycle.openedAt) }),
  };
}

function daemonJson(daemon: DaemonModel): object {
  const { process } = daemon;
  return {
    name: daemon.name,
    pid: process?.pid ?? null,
    version: daemon.version,
    goroutines: okValue(daemon.goroutines),
    heapBytes: daemon.heapBytes,
    rssBytes: process?.rssBytes ?? null,
    fds: process?.fds ?? null,
    fdLimit: process?.fdLimit ?? null,
    apiMs: okValue(daemon.ping)?.ms ?? null,
    threads: process?.threads ?? null,
    ageSeconds: process?.ageSeconds ?? null,
    mountNamespace: daemon.mountNamespace,
    fdKinds: daemon.fdKinds,
    fdGrowthPerMinute: daemon.fdGrowthPerMinute,
    fdExhaustionSeconds: daemon.fdExhaustionSeconds,
    goroutineGrowthPerMinute: daemon.goroutineGrowthPerMinute,
    goroutinesPerFd: daemon.goroutinesPerFd,
    heapBytesGrowthPerMinute: daemon.heapBytesGrowthPerMinute,
    rssBytesGrowthPerMinute: daemon.rssBytesGrowthPerMinute,
    rssExhaustionSeconds: daemon.rssExhaustionSeconds,
    settings: daemon.settings,
    status: worst([daemon.goroutines, daemon.ping], process !== null),
  };
}

/** @param sleepers of these, the ones that wait for it are named */
function processJson(process: ProcessModel, sleepers: ProcessesModel['sleepers']): object {
  return {
    pid: process.pid,
    starttime: process.starttime,
    comm: process.comm,
    state: process.state,
    stateSeconds: Math.round(process.seconds * 10) / 10,
    stateSecondsFrom: process.secondsFrom,
    wchan: process.wchan,
    stack: process.stack,
    killPending: process.killPending,
    containerId: process.containerId,
    threads: process.blockedTids,
    moreThreads: process.moreBlocked,
    ppid: process.ppid,
    parentComm: process.parentComm,
    waits: process.waits,
    syscall: process.syscall,
    zombie: process.zombie,
    keeps: sleepers.filter(({ blockerPid }) => blockerPid === process.pid).map(({ pid }) => pid),
  };
}

function containerJson(container: ContainerModel): object {
  const { id, name, pod, namespace, state, stuck, stuckSeconds, reason, pids } = container;
  const { label, from, listState, inspectState, error, attempts, attemptedBy, blocker, shim, initPid } = container;
  return {
    id,
    name,
    pod,
    namespace,
    state,
    stuck,
    stuckSeconds,
    reason,
    pids,
    label,
    from,
    stuckSince: isoMoment(container.stuckBefore ? null : container.stuckSince),
    stuckIn: container.stuckIn,
    listState,
    inspectState,
    error,
    attempts,
    attemptedBy,
    blocker,
    shim,
    initPid,
    evidence: container.evidence.map(({ kind, strength, text, source, since }) => ({
      kind,
      strength,
      text,
      source,
      since: isoMoment(since),
    })),
  };
}

function pressureOf({ disks }: Model): object | null {
  const io = okValue(disks?.pressure);
  return io === null ? null : { someAvg10: io.some.avg10, fullAvg10: io.full?.avg10 ?? null };
}

/** One word for a daemon: the worst status of its readings. */
function worst(readings: readonly Reading<unknown>[], running: boolean): Reading<unknown>['status'] {
  if (!running && readings.every(({ status }) => status !== 'ok')) return 'absent';
  return (
    (['failed', 'pending'] as const).find((status) => readings.some((reading) => reading.status === status)) ?? 'ok'
  );
}
