import { formatSeconds } from '../../base/durations.ts';
import type { LogsModel } from '../../model/logs/logs.ts';
import type { LogLine } from '../../sample/logs.ts';
import type { Finding } from '../engine/rule.ts';
import { type LogTrouble, logFinding } from './log-trouble.ts';

/**
 * A CPU that is held is first reported after two watchdog_thresh, 120 s at their maximum, and one sample period of its timer
 * (kernel/watchdog.c, watchdog_timer_fn). A first report of more means that the timer itself did not run.
 */
const longestFirstReport = 150;
const togetherMs = 10_000;
const togetherSeconds = 10;

/**
 * For how many seconds the whole machine stood still, as far as the reports of soft lockups show it: each CPU reports once, all at one
 * moment and for the same time; else 0.
 */
export function pauseOf({ lines }: LogsModel, since: number): number {
  const lockups = lines.filter(({ sign, at }) => sign === 'soft-lockup' && (at ?? since) >= since);
  const [first] = lockups;
  if (first === undefined) return 0;
  const cpus = new Set(lockups.map(({ text }) => /CPU#\d+/.exec(text)?.[0]));
  const all = lockups.map(({ seconds }) => seconds ?? 0);
  const longest = Math.max(...all);
  const isOne =
    cpus.size === lockups.length &&
    Math.min(...all) >= Math.max(longestFirstReport, longest - togetherSeconds) &&
    lockups.every(({ at }) => Math.abs((at ?? 0) - (first.at ?? 0)) <= togetherMs);
  // One CPU alone may be held; its idle task is not.
  return isOne && (cpus.size > 1 || lockups.every(isIdle)) ? longest : 0;
}

const isIdle = ({ comm }: LogLine): boolean => comm?.startsWith('swapper/') === true;

/** The finding that all CPUs stood still together for so many seconds, as those of a paused virtual machine. */
export function pauseFinding(trouble: LogTrouble, seconds: number, at: number): Finding {
  const time = formatSeconds(seconds);
  return logFinding(trouble, at, {
    id: 'kernel-stall',
    severity: 'warning',
    title: `The whole node stood still for ${time}: its virtual machine was probably paused`,
    past: `The whole node stood still for ${time}`,
    summary:
      'All of these CPUs report the same time at the same moment, and longer than the first report of a CPU that is held can say. No program of the node is to blame. What ran into its timeouts meanwhile (leases, connections, network storage) may still fail, and the clock may be behind.',
    remedies: [
      {
        text: 'Ask the hypervisor: a snapshot, a migration, a suspend, or a host without CPU or storage.',
        command: null,
        risk: 'none',
      },
      { text: 'See whether the clock is right again.', command: 'timeout 10 timedatectl', risk: 'none' },
    ],
  });
}
