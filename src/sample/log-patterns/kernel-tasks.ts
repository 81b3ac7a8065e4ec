import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** kernel/{hung_task,watchdog,rcu/tree_stall,cgroup/pids}.c from 3.10 to 6.18. */
export const kernelTaskPatterns = {
  'hung-task': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'hung-task' },
    meaning: 'a task stayed in D longer than the kernel’s limit',
    hints: ['blocked for more than'],
    patterns: [/task (?<comm>.{1,64}):(?<pid>\d+) blocked for more than (?<seconds>\d+) seconds/],
  },
  'hung-task-holder': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'hung-task' },
    meaning: 'the kernel names the task that holds the lock a hung task waits for',
    hints: ['likely owned by task', 'likely last held by task'],
    patterns: [
      /task .{1,64}:\d+ (?:is )?blocked on an? [\w-]+,? (?:and is )?likely (?:owned|last held) by task (?<comm>.{1,64}):(?<pid>\d+)/,
      /task .{1,64}:\d+ is blocked on an? .{1,40} likely (?:owned|last held) by task (?<comm>.{1,64}):(?<pid>\d+)/,
    ],
  },
  'soft-lockup': {
    ...{ units, group: 'node', severity: 'warning', rule: 'kernel-stall' },
    meaning: 'a CPU ran kernel code for seconds and let nothing else run',
    hints: ['soft lockup', 'hard lockup'],
    patterns: [
      /(?:soft|hard) lockup - (?<about>CPU#?\d+)(?: stuck for (?<seconds>\d+)s)?(?:! \[(?<comm>.{1,32}):(?<pid>\d+)\])?/i,
      /hard lockup on (?<about>cpu \d+)/i,
    ],
  },
  'rcu-stall': {
    ...{ units, group: 'node', severity: 'warning', rule: 'kernel-stall' },
    meaning: 'a CPU or a task stalled the kernel’s RCU',
    hints: ['detected stalls', 'self-detected stall'],
    patterns: [/(?:detected stalls on CPUs\/tasks|self-detected stall on CPU)/],
  },
  'fork-rejected': {
    ...{ units, group: 'node', severity: 'warning', rule: 'kernel-limit-reached' },
    meaning: 'a control group has as many processes as its limit allows: no more can be started in it',
    hints: ['fork rejected by pids controller'],
    patterns: [/fork rejected by pids controller in (?<about>\S{1,200})/],
  },
} as const satisfies LogPatterns;
