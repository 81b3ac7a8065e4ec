import { rule } from './engine/rule.ts';
import { has, hourly, hourMs, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;
/** Reports in an hour. A healthy module has a corrected error now and then. Our own judgement. */
const again = 3;

/** The memory of the node has errors that its hardware found (ECC). */
export const memoryFault = rule({
  id: 'memory-fault',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    // A module is replaced while the node is off.
    const trouble = troubleOfBoot(logs, ['memory-uncorrected', 'memory-corrected'], dayMs, { upMs, at });
    if (trouble === null) return [];
    const lost = has(trouble, 'memory-uncorrected');
    const kind = lost ? 'uncorrected' : 'corrected';
    const which = trouble.about.length === 0 ? '' : ` in ${namesIn(trouble.about)}`;
    return [
      logFinding(trouble, at, {
        id: 'memory-fault',
        severity: lost ? 'critical' : hourly(trouble, 'memory-corrected') >= again ? 'warning' : 'info',
        confidence: 'certain',
        title: `The node’s memory has ${kind} hardware errors (ECC)${which}`,
        past: `The node’s memory had ${kind} hardware errors (ECC)${which}`,
        summary: lost
          ? 'The kernel gave up a page of memory. What was in it may be lost: the kernel kills the processes that use it, and panics when it needs the page itself.'
          : 'The hardware repaired what it read: nothing is lost so far. A module with more and more of them fails soon.',
        remedies: [
          {
            text: 'See how many errors each module has had since the boot.',
            command:
              'grep -H . /sys/devices/system/edac/mc/mc*/*/dimm_label /sys/devices/system/edac/mc/mc*/*/dimm_*_count',
            risk: 'none',
          },
          {
            text: lost
              ? 'Drain the node and replace the module.'
              : 'Where the count rises, drain the node and replace the module.',
            command: null,
            risk: 'high',
          },
        ],
      }),
    ];
  },
});
