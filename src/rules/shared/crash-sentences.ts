import type { LogTallyModel } from '../../model/logs/logs.ts';
import type { Severity } from '../engine/rule.ts';
import { aborts, reasons } from './crash-signs.ts';
import { has, hourly, type LogTrouble } from './log-trouble.ts';

/** systemd counts restarts since the unit was last started by hand. */
const loopCounter = 5;
const loopsPerHour = 3;

/** How bad the crash is: critical in a loop. */
export function crashSeverity(trouble: LogTrouble): Severity {
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

/** @param who the units or programs, in words */
export function crashTitle(trouble: LogTrouble, who: string, severity: Severity): string {
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
  if (has(trouble, 'unit-status-failed')) {
    return `${who} ${isExit(trouble) ? 'exited with an error' : 'failed, and does not run'}`;
  }
  if (isOnlyStop(trouble)) return `${who} did not stop in time, and systemd killed it`;
  return `${who} was restarted by ${restartedBy(trouble)}`;
}

function restartedBy(trouble: LogTrouble): string {
  if (has(trouble, 'talos-service-exited')) return 'Talos';
  return has(trouble, 'unit-restart') || !has(trouble, 'supervisor-exited') ? 'systemd' : 'supervisord';
}

/** A start that timed out, and one whose dependency failed, is no exit with an error. */
function isExit({ tallies }: LogTrouble): boolean {
  const said = tallies.flatMap(({ sign, example }) => (sign === 'unit-status-failed' ? (example ?? '') : []));
  return said.some((line) => /code=|Result: (?:exit-code|signal|core-dump)/.test(line));
}

/** It was asked to stop: nothing says that it was started again. */
export function isOnlyStop(trouble: LogTrouble): boolean {
  return trouble.tallies.every(({ sign }) => sign === 'unit-stop-timeout' || sign === 'unit-exited');
}

/** What the daemon said last before it exited. */
function reasonIn({ tallies }: LogTrouble): string | null {
  const said = tallies.filter(({ sign }) => reasons.has(sign)).toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0));
  return said[0]?.about?.replace(/[\\"]+/g, '"').trim() ?? null;
}

/** Where no line says which program it is. */
export function bareCrashSummary({ tallies }: LogTrouble): string {
  const [last] = tallies.flatMap(({ about }) => about ?? []);
  const words = last === undefined ? '' : `, with these words: ${last}`;
  return `It exited${words}. No line says which program it is: the stack does. If it is a daemon, containers keep running, but cannot be started, stopped or listed while it is down.`;
}

/** What happened, and what it means for the containers. */
export function crashSummary(trouble: LogTrouble): string {
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
  if (trouble.tallies.every(({ sign }) => sign === 'unit-status-failed') && !isExit(trouble)) {
    return 'systemd counts it as failed; the result beside it says why. Containers keep running, but cannot be started, stopped or listed while it is down.';
  }
  const words = last === undefined ? '' : ` Its last message: ${last}.`;
  const damaged = has(trouble, 'database-damaged')
    ? ' A restart does not help: the file stays as it is. Power loss or a fault of the disk damages it.'
    : '';
  return `A daemon exited without being asked to.${words}${damaged} Containers keep running, but cannot be started, stopped or listed while it is down.`;
}
