import { rule } from './engine/rule.ts';
import { hourly, logFinding, troubleIn } from './shared/log-trouble.ts';

/** A virtual machine that was paused logs it once; a kernel that stalls keeps logging it. */
const again = 2;

/** The kernel itself does not get on: a CPU is held, RCU does not advance, or an allocation is tried without end. */
export const kernelStall = rule({
  id: 'kernel-stall',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['soft-lockup', 'rcu-stall', 'allocation-deadlock', 'page-allocation-failed']);
    if (trouble === null) return [];
    const cpu = hourly(trouble, 'soft-lockup', 'rcu-stall');
    const memory = hourly(trouble, 'allocation-deadlock');
    const what = cpu > 0 ? 'CPUs are held in kernel code' : 'an allocation of kernel memory is retried endlessly';
    return [
      logFinding(trouble, at, {
        id: 'kernel-stall',
        severity: cpu >= again || memory >= again ? 'warning' : 'info',
        title: `The kernel stalls: ${what}`,
        past: 'The kernel stalled',
        summary:
          cpu > 0
            ? 'A CPU ran kernel code for seconds without a pause, or did not pass a quiet state. A paused virtual machine says so once.'
            : 'Memory is fragmented: the kernel finds no piece that is large enough.',
        remedies: [
          { text: 'Look at the stacks that follow the lines.', command: 'dmesg -T', risk: 'none' },
          ...(memory > 0
            ? [
                {
                  text: 'Compact the memory of the node.',
                  command: 'echo 1 > /proc/sys/vm/compact_memory',
                  risk: 'low' as const,
                },
              ]
            : []),
        ],
      }),
    ];
  },
});
