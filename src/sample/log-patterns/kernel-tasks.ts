import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** kernel/{hung_task,watchdog,rcu/tree_stall,cgroup/pids}.c, arch/{x86,arm64}: die() and show_regs(), from 3.10 to 6.18. */
export const kernelTaskPatterns = {
  // die() numbers the faults of a boot: `Oops: 0000 [#1] SMP`, `general protection fault: 0000 [#2]`. Of a program's own fault it says `traps:`.
  'kernel-oops': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-oops',
    meaning: 'the kernel itself had a fault (oops), and ended what ran there',
    hints: [
      'oops: ',
      'oops ',
      'general protection fault',
      'invalid opcode: ',
      'stack segment: ',
      'divide error: ',
      'double fault: ',
    ],
    patterns: [
      /^(?:Internal error: )?(?:Oops|general protection fault|invalid opcode|stack segment|divide error|double fault)\b.{0,160} \[#\d+\]/,
    ],
  },
  // The line before that: x86 to 5.0 and since, arm, arm64 and riscv, powerpc. Where the rest of a report is cut off it is all there is.
  'kernel-bad-access': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'kernel-oops',
    meaning: 'the kernel used an address that it must not: a fault (oops) follows',
    hints: [
      'bug: unable to handle',
      'bug: kernel null pointer',
      'unable to handle kernel',
      ', threadinfo ',
      ', stack limit ',
    ],
    patterns: [
      /^(?:BUG: )?Unable to handle (?:kernel|page fault for address)\b/i,
      /^BUG: kernel NULL pointer dereference,/,
      // show_registers() to 3.9, die() of arm and arm64 to 4.18 and later.
      /^Process (?<comm>.{1,32}?) \(pid: (?<pid>\d{1,10}), (?:threadinfo |stack limit = )/,
    ],
  },
  // kernel/panic.c. crash(8) repeats it in its head. What ends with `]---` is its second line.
  'kernel-panic': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-panic',
    meaning: 'the kernel gave up: the node stopped at once',
    hints: ['kernel panic - not syncing: '],
    patterns: [/^(?: {0,8}PANIC: ")?Kernel panic - not syncing: (?<about>[^"\s][^"]{0,98})/],
  },
  // mm/{memory,page_alloc}.c, pgd_ERROR() and the like of a page table, and lib/list_debug.c: bad memory, or a fault of the kernel that wrote where it must not.
  'kernel-corruption': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-oops',
    meaning: 'the kernel found its own data damaged',
    hints: ['bug: bad page', ' corruption. ', 'bug: bad rss-counter', ': bad p'],
    patterns: [
      /^\S{1,80}\.[ch]:\d+: bad (?:pgd|p4d|pud|pmd) [0-9a-f]{8,16}\(/,
      /^BUG: Bad page (?:map|state|cache) in process (?<comm>.{1,32}?) {2}(?:pte|pfn):/,
      /^list_(?:del|add) corruption\. /,
      /^BUG: Bad rss-counter state mm:/,
    ],
  },
  // Below an oops, a warning, a failed allocation: what ran there.
  'kernel-report-task': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'kernel-oops',
    meaning: 'the task that ran where the kernel wrote a report of its own',
    hints: [' comm: '],
    patterns: [
      // To 3.9.
      /^Pid: (?<pid>\d{1,10}), comm: (?<comm>\S.{0,30}?) (?:Tainted|Not tainted)\b/,
      /^CPU: \d+ (?:UID: \d+ )?PID: (?<pid>\d+) Comm: (?<comm>\S.{0,30}?) (?:Kdump: loaded )?(?:Tainted|Not tainted)\b/,
    ],
  },
  // x86 to 4.15 (`IP: f+0x1/0x2`), later x86, arm64, riscv. What a program itself ran has an address and no function.
  'kernel-report-place': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'kernel-oops',
    meaning: 'the function of the kernel that ran where it wrote a report of its own',
    hints: ['ip: ', 'pc : ', 'pc is at '],
    patterns: [
      /^(?:RIP: 0010:|E?IP: (?:0060:)?)(?:\[<[0-9a-f]{8,16}>\] {1,2}){0,2}(?<about>[A-Za-z_][\w.]{1,80})\+0x[0-9a-f]{1,6}\/0x/,
      /^(?:e?pc : |PC is at )(?<about>[A-Za-z_][\w.]{1,80})\+0x[0-9a-f]{1,6}\/0x/,
    ],
  },
  'hung-task': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'hung-task',
    meaning: 'a task stayed in D longer than the kernel’s limit',
    hints: ['blocked for more than', '  task: ffff'],
    patterns: [
      /task (?<comm>.{1,64}):(?<pid>\d+) blocked for more than (?<seconds>\d+) seconds/,
      // crash(8), `foreach UN ps -m`: days, hours and the rest since the task last ran; two minutes are the kernel's own limit.
      /^\[(?!0 00:0[01]:)\d{1,5} \d\d:\d\d:\d\d\.\d{3}\] +\[UN\] +PID: (?<pid>\d{1,10}) +TASK: [0-9a-f]{16} .*COMMAND: "(?<comm>[^"]{1,32})"/,
    ],
  },
  'hung-task-holder': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'hung-task',
    meaning: 'the kernel names the task that holds the lock a hung task waits for',
    hints: ['likely owned by task', 'likely last held by task'],
    patterns: [
      /task .{1,64}:\d+ (?:is )?blocked on an? [\w-]+,? (?:and is )?likely (?:owned|last held) by task (?<comm>.{1,64}):(?<pid>\d+)/,
      /task .{1,64}:\d+ is blocked on an? .{1,40} likely (?:owned|last held) by task (?<comm>.{1,64}):(?<pid>\d+)/,
    ],
  },
  // After each hung task, and on request (sysrq w); sched_show_task() to 5.10, then 5.11 on.
  'task-in-d': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'the kernel printed the stack of a task that was in D at that moment',
    hints: ['state:d', ' d    0 ', ' d ffff', ' d 0000000000000000'],
    patterns: [
      /^task:(?<comm>\S.{0,14}?) *state:D .{0,60}?pid: *(?<pid>\d{1,10})\b/,
      /^(?<comm>\S.{0,14}?) +D (?:[0-9a-f]{16}| ) {1,5}\d{1,6} +(?<pid>\d{1,10}) +\d{1,10} 0x[0-9a-f]{8}/,
    ],
  },
  // kernel/workqueue.c, print_worker_info(): the queue of a worker, those of XFS and of dm-crypt with the name of a device, and what it runs.
  'kernel-worker': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'what a worker of the kernel ran, or the device that it worked for',
    hints: ['workqueue: '],
    patterns: [/^Workqueue: (?:xfs-[\w-]{1,32}|kcryptd\w{0,8})\/(?<device>[\w:-]{1,64}) /, /^Workqueue: \S{1,64} \w/],
  },
  'soft-lockup': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-stall',
    meaning: 'a CPU ran kernel code for seconds and let nothing else run',
    // A mail wraps the line before "lockup".
    hints: ['soft lockup', 'hard lockup', 'lockup - cpu'],
    patterns: [
      /(?:(?:soft|hard) |^(?:> ?)?)lockup - (?<about>CPU#?\d+)(?: stuck for (?<seconds>\d+)s)?(?:! \[(?<comm>.{1,32}):(?<pid>\d+)\])?/i,
      /hard lockup on (?<about>cpu \d+)/i,
    ],
  },
  // kernel/workqueue.c, wq_watchdog_timer_fn().
  'workqueue-lockup': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-stall',
    meaning: 'work of the kernel waits: the threads that do it are held',
    hints: ['workqueue lockup'],
    patterns: [/BUG: workqueue lockup - pool (?<about>cpus=[\d,-]{1,30}).* stuck for (?<seconds>\d+)s/],
  },
  'rcu-stall': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-stall',
    meaning: 'a CPU or a task stalled the kernel’s RCU',
    // Linux 3.0 names one CPU: `INFO: rcu_sched_state detected stall on CPU 0 (t=105060 jiffies)`.
    // kernel/rcu/tasks.h: `INFO: rcu_tasks detected stalls on tasks:`, and before that how old the grace period is.
    hints: ['detected stall', 'grace period number '],
    patterns: [
      /(?:detected stalls on (?:CPUs\/)?tasks|detected stall on CPU)/,
      /: rcu_tasks\w{0,8} grace period number \d+ \(since boot\) .*is \d+ jiffies old/,
    ],
  },
  'fork-rejected': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a control group has as many processes as its limit allows: no more can be started in it',
    hints: ['fork rejected by pids controller'],
    patterns: [/fork rejected by pids controller in (?<about>\S{1,200})/],
  },
} as const satisfies LogPatterns;
