import type { DumpReport } from './analysis.ts';
import { isFunction, normalizeFunction } from './function-name.ts';

/** Whether dockerd hears containerd's events. */
export interface EventStreams {
  /**
   * `missing`: exits are lost, which explains a container that "runs" without a process, and a stop that waits.
   * `incomplete`: one of the two is gone. `unknown`: the dump does not show it.
   */
  readonly status: 'present' | 'incomplete' | 'missing' | 'unknown';
  readonly count: number;
  /** Why it is unknown. */
  readonly because: string | null;
}

/** One for containers, one for plugins. */
const healthyCount = 2;

/** Meaningful for a dump of dockerd that is whole, of one that has containerd and is not in its start. */
export function eventStreamsOf(report: DumpReport): EventStreams {
  const count = report.patterns.find(({ id }) => id === 'event-stream')?.count ?? 0;
  if (count >= healthyCount) return { status: 'present', count, because: null };
  if (!isDockerd(report)) return { status: 'unknown', count, because: 'this is not a dump of dockerd' };
  if (report.partial) return { status: 'unknown', count, because: 'the dump is not whole' };
  if (report.patterns.some(({ id }) => id === 'dockerd-start')) {
    return { status: 'unknown', count, because: 'dockerd is still in its start' };
  }
  if (isBeforeContainerd(report)) {
    return {
      status: 'unknown',
      count,
      because: 'docker before 1.11 has no containerd',
    };
  }
  if (!report.hasMain) {
    return {
      status: 'unknown',
      count,
      because: 'main.main is not in the dump: an excerpt proves nothing by what is absent',
    };
  }
  return { status: count === 0 ? 'missing' : 'incomplete', count, because: null };
}

/** By goroutines that every dockerd has, whatever it does. */
function isDockerd(report: DumpReport): boolean {
  return hasFunction(
    report,
    (func) => isFunction(func, 'main.(*DaemonCli).*') || isFunction(func, 'daemon.(*Daemon).*'),
  );
}

/** Up to 1.11 the daemon was a command of `docker`; 1.11 itself has containerd. */
function isBeforeContainerd(report: DumpReport): boolean {
  return (
    hasFunction(report, (func) => func === 'main.(*DaemonCli).CmdDaemon' || func === 'main.mainDaemon') &&
    !hasFunction(report, (func) => func.includes('containerd'))
  );
}

function hasFunction({ groups }: DumpReport, isWanted: (normalized: string) => boolean): boolean {
  return groups.some(({ frames, createdBy }) =>
    [...frames.map(({ func }) => func), createdBy ?? ''].some((func) => isWanted(normalizeFunction(func))),
  );
}
