import type { LogsModel } from '../model/logs/logs.ts';
import { type Remedy, rule } from './engine/rule.ts';
import { hourMs, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;

interface Reason {
  readonly when: RegExp;
  readonly why: string;
  readonly remedy: Remedy;
}

/** A setting makes a panic of what the kernel would otherwise only report. */
const bySetting = (name: string, text: string, otherwise = 'reports it'): Remedy => ({
  text: `${text} Whether the node panics then is a setting: with 0 the kernel ${otherwise} instead.`,
  command: `sysctl ${name} kernel.panic`,
  risk: 'none',
});

/** kernel/{hung_task,watchdog,exit}.c, kernel/rcu/tree_stall.h, mm/oom_kill.c, drivers/tty/sysrq.c. */
const reasons: readonly Reason[] = [
  {
    when: /^hung_task: /,
    why: 'A task stayed in D state, and the node is set to panic then.',
    remedy: bySetting('kernel.hung_task_panic', 'See what the task waited for: its stack stands before the panic.'),
  },
  {
    when: /^softlockup: /,
    why: 'A CPU was held in the kernel for seconds, and the node is set to panic then.',
    remedy: bySetting('kernel.softlockup_panic', 'See what held the CPU: its stack stands before the panic.'),
  },
  {
    when: /^Hard LOCKUP/,
    why: 'A CPU took no interrupts for seconds, and the node is set to panic then.',
    remedy: bySetting('kernel.hardlockup_panic', 'See what held the CPU: its stack stands before the panic.'),
  },
  {
    when: /^RCU Stall/,
    why: 'A CPU or a task stalled RCU, and the node is set to panic then.',
    remedy: bySetting('kernel.panic_on_rcu_stall', 'See which CPU or task stalled: it stands before the panic.'),
  },
  {
    when: /panic_on_oom is enabled/,
    why: 'The node ran out of memory, and is set to panic then instead of killing a process.',
    remedy: bySetting(
      'vm.panic_on_oom',
      'Find what used the memory: the list of processes stands before the panic.',
      'kills a process',
    ),
  },
  {
    when: /^(?:System is deadlocked on memory|Out of memory and no killable processes)/,
    why: 'The node ran out of memory, and no process was left that may be killed: what used it are the kernel itself, or processes that are exempt (oom_score_adj -1000).',
    remedy: {
      text: 'See what took the memory in the report before the panic: slab, huge pages, tmpfs, or exempt processes.',
      command: null,
      risk: 'none',
    },
  },
  {
    when: /^Attempted to kill init!/,
    why: 'PID 1 of the node exited or was killed. The last two digits of the exit code are the signal (0b: a fault of its own, 09: SIGKILL).',
    remedy: {
      text: 'See what PID 1 said last, and whether its filesystem could be read.',
      command: 'journalctl -b -1 _PID=1 -n 50 --no-pager',
      risk: 'none',
    },
  },
];

const triggered = /^sysrq triggered crash/i;
const afterFault = /^Fatal exception/;

const dump: Remedy = {
  text: 'Look for what the kernel saved: a crash dump, or the end of its log.',
  command: 'ls -l /var/crash /sys/fs/pstore; journalctl -k -b -1 -n 200 --no-pager',
  risk: 'none',
};

/** The kernel gave up: the node stopped at once. After a fault, `kernel-oops` says what happened. */
export const kernelPanic = rule({
  id: 'kernel-panic',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(
      logs,
      ['kernel-panic'],
      dayMs,
      ({ about = '' }) => !triggered.test(about) && !(afterFault.test(about) && hasFault(logs)),
    );
    if (trouble === null) return [];
    const { why, remedies } = wordsOf(trouble);
    const what = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about, 1)}`;
    return [
      logFinding(trouble, at, {
        id: 'kernel-panic',
        severity: 'warning',
        confidence: 'certain',
        title: `The kernel panicked${what}`,
        past: `The kernel panicked${what}`,
        summary: `The node stopped at once: it stands still, or restarts after kernel.panic seconds.${why}`,
        remedies,
      }),
    ];
  },
});

function wordsOf({ about: [about = ''] }: LogTrouble): { why: string; remedies: Remedy[] } {
  const reason = reasons.find(({ when }) => when.test(about));
  return reason === undefined
    ? { why: ' What led to it stands before the panic.', remedies: [dump] }
    : { why: ` ${reason.why}`, remedies: [reason.remedy, dump] };
}

const hasFault = ({ tallies }: LogsModel): boolean =>
  tallies.some(({ sign }) => sign === 'kernel-oops' || sign === 'kernel-bad-access');
