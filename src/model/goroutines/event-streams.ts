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

/** Meaningful for a dump of dockerd that is whole; a dockerd that is just starting has no stream yet. */
export function eventStreamsOf(report: DumpReport): EventStreams {
  const count = report.patterns.find(({ id }) => id === 'event-stream')?.count ?? 0;
  if (count >= healthyCount) return { status: 'present', count, because: null };
  if (!isDockerd(report)) return { status: 'unknown', count, because: 'this is not a dump of dockerd' };
  if (report.partial) return { status: 'unknown', count, because: 'the dump is not whole' };
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
function isDockerd({ groups }: DumpReport): boolean {
  return groups.some(({ frames, createdBy }) =>
    [...frames.map(({ func }) => func), createdBy ?? ''].some((func) => {
      const normal = normalizeFunction(func);
      return isFunction(normal, 'main.(*DaemonCli).*') || isFunction(normal, 'daemon.(*Daemon).*');
    }),
  );
}
