import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { LogsModel, LogTallyModel } from '../../model/logs/logs.ts';
import type { Finding } from '../engine/rule.ts';
import { crashRemedies } from './crash-remedies.ts';
import { bareCrashSummary, crashSeverity, crashSummary, crashTitle, isOnlyStop } from './crash-sentences.ts';
import { crashes, faults } from './crash-signs.ts';
import { isUnit, journalsOf, writersOf } from './crash-units.ts';
import { daemonsOfUnits } from './daemons-of-logs.ts';
import { has, hasStopped, hourMs, logFinding, namesIn, troubleIn } from './log-trouble.ts';
import { unitsByDescription } from './unit-descriptions.ts';

const startsPerHour = 5;

/**
 * What the logs tell of a daemon that crashed, was killed or aborted, or does not start.
 *
 * @param daemons null while they are not known
 * @param at of the moment that is judged, in milliseconds since the epoch
 * @returns null when they tell nothing of the kind
 */
export function loggedCrash(logs: LogsModel, daemons: readonly DaemonModel[] | null, at: number): Finding | null {
  const accept = (tally: LogTallyModel): boolean => {
    if (tally.sign === 'containerd-started') return isOften(tally);
    if (tally.sign === 'unit-start-failed') return !wasStartedLater(logs, tally);
    if (tally.sign === 'unit-gave-up') return !wasStartedAgain(logs, tally);
    if (['kubelet-start-failed', 'daemon-fatal', 'containerd-start-failed'].includes(tally.sign))
      return !hasStarted(logs, tally);
    return tally.sign !== 'start-failed' || !isUpSince(tally, { logs, daemons, at });
  };
  if (troubleIn(logs, crashes, hourMs, accept) === null) return null;
  // An exit with an error alone can be that of a daemon which was stopped.
  const trouble = troubleIn(logs, [...crashes, 'unit-exited'], hourMs, accept);
  if (trouble === null) return null;
  const severity = crashSeverity(trouble);
  // Talos has services of its own, and no units.
  const abouts = has(trouble, 'talos-service-exited')
    ? trouble.about
    : [...new Set(trouble.about.map((name) => unitsByDescription[name] ?? name))];
  const named = abouts.filter((name) => isUnit.test(name) || supervised.test(name));
  const units = named.length > 0 ? named : writersOf(trouble);
  // Bare output may be of any program.
  const isBare = units.length === 0 && trouble.tallies.every(({ sign }) => sign === 'go-fatal' || sign === 'go-panic');
  const somebody = isBare ? 'A Go program' : 'A daemon';
  const who = units.length === 0 ? somebody : named.length > 0 ? namesIn(units) : namesIn(units.map(programOf));
  const isOver = !has(trouble, ...faults) && hasStopped(trouble);
  return logFinding({ ...trouble, recent: trouble.recent && !isOver }, at, {
    id: 'crash-loop',
    severity,
    title: crashTitle(trouble, who, severity),
    past: isOnlyStop(trouble) ? `${who} did not stop in time` : `${who} crashed or was restarted`,
    summary: isBare ? bareCrashSummary(trouble) : crashSummary(trouble),
    remedies: crashRemedies(trouble, units, daemons),
    subjects: { daemons: daemonsOfUnits(units.filter((unit) => !(unit in journalsOf))) },
  });
}

/** supervisord names a program, Talos a service, and the pattern of containerd itself. */
const supervised = /^(?:docker|dockerd|containerd|kubelet|cri-?o|cri|etcd)$/;

/** A start that fails may have got as far as these words. */
const startSettlesMs = 2000;

/** The same daemon finished a later start. */
function hasStarted({ tallies }: LogsModel, { lastAt, unit }: LogTallyModel): boolean {
  return tallies.some(
    (one) =>
      (one.sign === 'kubelet-started' || one.sign === 'containerd-booted') &&
      one.unit === unit &&
      lastAt !== null &&
      (one.lastAt ?? 0) > lastAt + startSettlesMs,
  );
}

/** What a daemon says when its start is done, by its unit. */
const startedBy: Readonly<Record<string, string>> = {
  'docker.service': 'dockerd-started',
  'containerd.service': 'containerd-booted',
  'kubelet.service': 'kubelet-started',
};

/** A later start of the same unit worked, or the daemon said so. */
function wasStartedLater(logs: LogsModel, { about = '', lastAt, count }: LogTallyModel): boolean {
  const unitOf = (name: string): string => unitsByDescription[name] ?? name;
  const started = startedBy[unitOf(about)];
  return logs.tallies.some(
    (one) =>
      ((one.sign === 'unit-started' && unitOf(one.about ?? '') === unitOf(about)) || one.sign === started) &&
      (lastAt === null ? one.count >= count : (one.lastAt ?? 0) >= lastAt),
  );
}

/** A person, or an upgrade, started it after systemd gave up. */
function wasStartedAgain({ tallies }: LogsModel, { about, lastAt }: LogTallyModel): boolean {
  const started = startedBy[about ?? ''];
  return lastAt !== null && tallies.some(({ sign, lastAt: at }) => sign === started && (at ?? 0) > lastAt);
}

/** dockerd finished a later start, or it ran all the time: the one that failed was a second. */
function isUpSince(
  { lastAt, origin }: LogTallyModel,
  { logs, daemons, at }: { logs: LogsModel; daemons: readonly DaemonModel[] | null; at: number },
): boolean {
  if (lastAt === null) return false;
  if (logs.tallies.some((tally) => tally.sign === 'dockerd-started' && (tally.lastAt ?? 0) >= lastAt)) return true;
  const agoSeconds = (at - lastAt) / 1000;
  if (agoSeconds > hourMs / 1000) return false;
  // Which of the two it is cannot be told before the daemons are known, but for a log that was named to be judged alone.
  if (daemons === null) return !logs.origins.some(({ name, named }) => name === origin && named);
  return daemons.some(
    ({ name, process, startsSecondsAgo }) =>
      name === 'dockerd' && process !== null && (startsSecondsAgo.at(-1) ?? 0) > agoSeconds,
  );
}

/** A containerd that dockerd started writes to dockerd's log. */
function programOf(unit: string): string {
  return unit === 'docker.service' ? 'dockerd, or a containerd that it started,' : unit;
}

/** dockerd starts its containerd once whenever it is started itself, by hand too. */
function isOften({ agoMs, count, lastHour = 0 }: LogTallyModel): boolean {
  return (agoMs === null ? count : lastHour) >= startsPerHour;
}
