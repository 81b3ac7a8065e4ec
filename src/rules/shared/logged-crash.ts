import { quote } from '../../base/shell-word.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { LogsModel, LogTallyModel } from '../../model/logs/logs.ts';
import type { LogUnit } from '../../sample/logs.ts';
import type { Finding, Remedy, Severity } from '../engine/rule.ts';
import { journalOf, startUnitOf } from './daemon-units.ts';
import { daemonsOfUnits } from './daemons-of-logs.ts';
import { has, hasStopped, hourly, hourMs, type LogTrouble, logFinding, namesIn, troubleIn } from './log-trouble.ts';
import { startRemedies } from './start-remedies.ts';
import { unitsByDescription } from './unit-descriptions.ts';

/** systemd counts restarts since the unit was last started by hand. */
const loopCounter = 5;
const loopsPerHour = 3;
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
  const severity = severityOf(trouble);
  const abouts = [...new Set(trouble.about.map((name) => unitsByDescription[name] ?? name))];
  const named = abouts.filter((name) => name.endsWith('.service') || supervised.test(name));
  const units = named.length > 0 ? named : writersOf(trouble);
  // Bare output may be of any program.
  const isBare = units.length === 0 && trouble.tallies.every(({ sign }) => sign === 'go-fatal' || sign === 'go-panic');
  const somebody = isBare ? 'A Go program' : 'A daemon';
  const who = units.length === 0 ? somebody : named.length > 0 ? namesIn(units) : namesIn(units.map(programOf));
  const isOver = !has(trouble, ...faults) && hasStopped(trouble);
  return logFinding({ ...trouble, recent: trouble.recent && !isOver }, at, {
    id: 'crash-loop',
    severity,
    title: titleOf(trouble, who, severity),
    past: isOnlyStop(trouble) ? `${who} did not stop in time` : `${who} crashed or was restarted`,
    summary: isBare ? bareSummary(trouble) : summaryOf(trouble),
    remedies: remediesOf(trouble, units, daemons),
    subjects: { daemons: daemonsOfUnits(units.filter((unit) => !(unit in journalsOf))) },
  });
}

/** supervisord names a program, Talos a service, and the pattern of containerd itself. */
const supervised = /^(?:docker|dockerd|containerd|kubelet|cri-?o|cri|etcd)$/;

/** Faults by themselves, also if the daemon runs since: not a start that was tried until it worked. */
const faults = [
  'unit-gave-up',
  'containerd-start-timeout',
  'thread-limit',
  'go-fatal',
  'go-panic',
  'database-damaged',
  'start-failed',
  'kubelet-start-failed',
  'daemon-fatal',
  'lxd-start-failed',
  'dqlite-start-failed',
  'containerd-start-failed',
  'kubernetes-panic',
  'unit-watchdog',
] as const;

const crashes = [
  ...faults,
  'unit-restart',
  'supervisor-exited',
  'talos-service-exited',
  'unit-start-timeout',
  'unit-start-failed',
  'unit-status-failed',
  'unit-stop-timeout',
  'containerd-exited',
  'containerd-replaced',
  'containerd-started',
] as const;

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

/** Which of the two it is, and whether a server or an agent, no line says. */
const ofK3s = 'k3s or RKE2';

/** They share these words. */
const ofLxd = 'LXD or Incus';

/** The datastore of MicroK8s, in the process of its API server up to 1.22. */
const ofDqlite = 'The datastore of MicroK8s (dqlite)';

/** Where each of those may write. */
const journalsOf: Readonly<Record<string, string>> = {
  [ofK3s]: "-u 'k3s*' -u 'rke2*'",
  [ofLxd]: '-u lxd -u snap.lxd.daemon -u incus',
  [ofDqlite]: '-u snap.microk8s.daemon-k8s-dqlite -u snap.microk8s.daemon-apiserver',
};

/** The units that wrote the last words of a program, where no line names one. */
function writersOf(trouble: LogTrouble): string[] {
  const { tallies } = trouble;
  const writers = tallies.flatMap(({ sign, unit }) =>
    aborts.has(sign) || reasons.has(sign) || sign === 'thread-limit' ? (unit ?? []) : [],
  );
  const known: Readonly<Partial<Record<LogUnit, string>>> = {
    dockerd: 'docker.service',
    containerd: 'containerd.service',
    kubelet: 'kubelet.service',
    crio: 'crio.service',
  };
  const units = writers.flatMap((unit) => known[unit] ?? []);
  if (has(trouble, 'lxd-start-failed')) units.push(ofLxd);
  else if (has(trouble, 'dqlite-start-failed')) units.push(ofDqlite);
  // The kubelet itself has no such level: it is in a program that has.
  const isHeld = tallies.some(({ sign, unit }) => sign === 'daemon-fatal' && unit === 'kubelet');
  return [...new Set(units.map((unit) => (isHeld && unit === known.kubelet ? ofK3s : unit)))];
}

/** A containerd that dockerd started writes to dockerd's log. */
function programOf(unit: string): string {
  return unit === 'docker.service' ? 'dockerd, or a containerd that it started,' : unit;
}

/** dockerd starts its containerd once whenever it is started itself, by hand too. */
function isOften({ agoMs, count, lastHour = 0 }: LogTallyModel): boolean {
  return (agoMs === null ? count : lastHour) >= startsPerHour;
}

function severityOf(trouble: LogTrouble): Severity {
  if (has(trouble, 'unit-gave-up', 'containerd-start-timeout')) return 'critical';
  const restarts = Math.max(
    ...(
      [
        'unit-restart',
        'supervisor-exited',
        'talos-service-exited',
        'containerd-started',
        'start-failed',
        'kubelet-start-failed',
        'daemon-fatal',
      ] as const
    ).map((sign) => hourly(trouble, sign)),
  );
  const counter = Math.max(0, ...trouble.tallies.map(counterOf));
  if (restarts >= loopsPerHour || counter >= loopCounter) return 'critical';
  const ended = has(
    trouble,
    'thread-limit',
    'go-fatal',
    'go-panic',
    'start-failed',
    'kubelet-start-failed',
    'daemon-fatal',
    'lxd-start-failed',
    'dqlite-start-failed',
    'containerd-start-failed',
    'kubernetes-panic',
    'unit-start-timeout',
    'unit-start-failed',
    'unit-status-failed',
    'unit-watchdog',
  );
  if (ended || restarts >= 2) return 'warning';
  return has(trouble, 'containerd-exited', 'containerd-replaced') ? 'warning' : 'info';
}

function counterOf({ example = '' }: LogTallyModel): number {
  return Number(/restart counter is at (\d{1,6})/.exec(example)?.[1] ?? 0);
}

function titleOf(trouble: LogTrouble, who: string, severity: Severity): string {
  const counter = Math.max(0, ...trouble.tallies.map(counterOf));
  if (has(trouble, 'unit-gave-up')) return `${who} crashed so often that systemd no longer starts it`;
  if (has(trouble, 'containerd-start-timeout')) {
    const reason = has(trouble, 'database-damaged') ? ', and a database is damaged' : '';
    return `dockerd cannot start: containerd did not start in time${reason}`;
  }
  const reason = trouble.tallies.find(({ sign }) => sign === 'start-failed')?.about;
  if (reason !== undefined) return `dockerd cannot start: ${reason}`;
  const said = reasonIn(trouble);
  const cause = has(trouble, 'database-damaged')
    ? 'its database is damaged'
    : has(trouble, 'unit-watchdog')
      ? 'the watchdog of systemd kills it'
      : null;
  if (said !== null && cause === null) return `${who} cannot start: ${said}`;
  if (severity === 'critical') {
    return `${who} is in a crash loop${counter > 0 ? `: restart ${counter}` : ''}${cause === null ? '' : `, ${cause}`}`;
  }
  if (has(trouble, 'database-damaged')) return `${who} cannot start: its database is damaged`;
  if (cause !== null) return `${who} was killed by the watchdog of systemd`;
  if (has(trouble, 'thread-limit')) return `${who} was aborted by the Go runtime: too many threads`;
  if (has(trouble, 'go-fatal', 'go-panic', 'kubernetes-panic')) return `${who} was aborted by the Go runtime`;
  if (has(trouble, 'unit-start-timeout')) return `${who} did not start in time`;
  if (has(trouble, 'containerd-exited', 'containerd-replaced')) return 'containerd exited, and dockerd restarts it';
  if (has(trouble, 'unit-start-failed')) return `${who} did not start`;
  if (has(trouble, 'unit-status-failed')) return `${who} exited with an error`;
  return isOnlyStop(trouble) ? `${who} did not stop in time, and systemd killed it` : `${who} was restarted by systemd`;
}

/** It was asked to stop: nothing says that it was started again. */
function isOnlyStop(trouble: LogTrouble): boolean {
  return trouble.tallies.every(({ sign }) => sign === 'unit-stop-timeout' || sign === 'unit-exited');
}

/** Whose `about` says why a daemon exited. */
const reasons = new Set<string>([
  'kubelet-start-failed',
  'daemon-fatal',
  'lxd-start-failed',
  'dqlite-start-failed',
  'containerd-start-failed',
]);

/** What the daemon said last before it exited. */
function reasonIn({ tallies }: LogTrouble): string | null {
  const said = tallies.filter(({ sign }) => reasons.has(sign)).toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0));
  return said[0]?.about?.replace(/[\\"]+/g, '"').trim() ?? null;
}

/** Whose `about` is the program’s last message. */
const aborts = new Set<string>(['go-fatal', 'go-panic', 'kubernetes-panic', 'database-damaged']);

function bareSummary({ tallies }: LogTrouble): string {
  const [last] = tallies.flatMap(({ about }) => about ?? []);
  const words = last === undefined ? '' : `, with these words: ${last}`;
  return `It exited${words}. No line says which program it is: the stack does. If it is a daemon, containers keep running, but cannot be started, stopped or listed while it is down.`;
}

function summaryOf(trouble: LogTrouble): string {
  if (has(trouble, 'thread-limit')) {
    return 'The Go runtime aborts a program that reaches 10,000 threads. Each thread is blocked in a system call: most often in open() of a FIFO, or on a dead mount.';
  }
  if (has(trouble, 'unit-watchdog')) {
    return 'It did not report to systemd within WatchdogSec: it hangs, or the node is too busy for it. systemd ends it with SIGABRT, so its last lines are its goroutines. Containers cannot be started, stopped or listed while it is down.';
  }
  const started = trouble.tallies.find(({ sign }) => sign === 'start-failed')?.about;
  if (started !== undefined) {
    const lock =
      started.trim() === 'timeout'
        ? ' A timeout is that of a database file which another process has open: an old dockerd that has not exited, also as a zombie with a thread in D.'
        : '';
    return `It exited in its start, and said why.${lock} Containers cannot be started, stopped or listed while it is down.`;
  }
  if (reasonIn(trouble) !== null && !has(trouble, 'go-fatal', 'go-panic', 'kubernetes-panic', 'database-damaged')) {
    return 'It exited with this error. Containers keep running, but cannot be started, stopped or listed while it is down.';
  }
  if (isOnlyStop(trouble)) {
    return 'It was asked to stop, and a process of its unit was still there at the end of TimeoutStopSec: most often one that waits in the kernel, or a daemon that waits for a container. What it had not written to disk is lost.';
  }
  const last = trouble.tallies.find(({ sign }) => aborts.has(sign))?.about;
  if (last === undefined && has(trouble, 'unit-start-failed') && !has(trouble, 'unit-restart')) {
    const effect = trouble.about.every((name) => name === 'etcd' || name === 'etcd.service')
      ? 'The API server needs it.'
      : 'Containers cannot be started, stopped or listed while it is down.';
    return `Its start failed. systemd does not say why: the last lines of the daemon do. ${effect}`;
  }
  const words = last === undefined ? '' : ` Its last message: ${last}.`;
  const damaged = has(trouble, 'database-damaged')
    ? ' A restart does not help: the file stays as it is. Power loss or a fault of the disk damages it.'
    : '';
  return `A daemon exited without being asked to.${words}${damaged} Containers keep running, but cannot be started, stopped or listed while it is down.`;
}

function lastLines(unit: string | null, daemons: readonly DaemonModel[] | null): string | null {
  if (unit === null) return null;
  const journals = journalsOf[unit];
  if (journals !== undefined) return `journalctl ${journals} -n 200 --no-pager`;
  const runs = (name: string): boolean => daemons?.some((daemon) => daemon.name === name) === true;
  if (unit === 'containerd.service' && runs('containerd-k3s') && !runs('containerd')) {
    return journalOf('containerd-k3s', 200);
  }
  // The only containerd of a node has no further name, also where a distribution of Kubernetes started it.
  const only = daemons?.find(({ name }) => name === 'containerd');
  const socket = only?.socket ?? only?.endpoint ?? null;
  if (unit === 'containerd.service' && startUnitOf('containerd', socket) !== 'containerd') {
    return journalOf('containerd', 200, socket);
  }
  return `journalctl -u ${quote(unit)} -n 200 --no-pager`;
}

function remediesOf(trouble: LogTrouble, units: readonly string[], daemons: readonly DaemonModel[] | null): Remedy[] {
  // A panic does not say whose it is, and lines of another daemon would show nothing.
  const unit =
    units.find((name) => name.endsWith('.service') || name in journalsOf) ??
    (units.length > 0 ? 'containerd.service' : null);
  return [
    {
      text: 'Read its last log lines before each restart.',
      command: lastLines(unit, daemons),
      risk: 'none',
    },
    ...startRemedies(
      trouble.tallies.flatMap(({ sign, example }) =>
        reasons.has(sign) || sign === 'unit-start-failed' ? (example ?? []) : [],
      ),
    ),
    ...(has(trouble, 'database-damaged')
      ? [
          {
            text: 'Find which file it is: the dump below the panic names the package (metadata or snapshots of containerd, libnetwork or volumes of dockerd).',
            command:
              'ls -l /var/lib/containerd/io.containerd.*/meta*.db /var/lib/docker/network/files/local-kv.db /var/lib/docker/volumes/metadata.db',
            risk: 'none' as const,
          },
          {
            text: 'Move that file away with the daemon stopped, and start it again. Without its metadata database, containerd has no containers and images any more; the others are made anew.',
            command: null,
            risk: 'high' as const,
          },
        ]
      : []),
    ...(has(trouble, 'thread-limit', 'go-fatal', 'go-panic', 'kubernetes-panic', 'unit-watchdog')
      ? [
          {
            text: 'Read the dump in the log: it shows what each goroutine did.',
            command: 'rtwatch goroutines FILE',
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'go-panic', 'kubernetes-panic') && !has(trouble, 'database-damaged')
      ? [
          {
            text: 'A panic is a defect of the program: look for a newer version, and report it with its stack if there is none.',
            command: null,
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'unit-gave-up')
      ? [
          {
            text: 'When the cause is fixed, start it again.',
            command: unit === null ? null : `systemctl reset-failed ${quote(unit)} && systemctl start ${quote(unit)}`,
            risk: 'low' as const,
          },
        ]
      : []),
  ];
}
