import type { LogsModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { hourMs, logFinding, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;
/** They are read by a slow access to a device, in a system call each time. */
const slow: ReadonlySet<string> = new Set(['hpet', 'acpi_pm']);

/** The kernel gave up the time stamp counter, and reads the time from a device: each reading is many times slower. */
export const slowClock = rule({
  id: 'slow-clock',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const trouble = troubleOfBoot(logs, ['tsc-unstable'], dayMs, { upMs, at });
    if (trouble === null) return [];
    const clock = clockNow(logs);
    if (clock === null || !slow.has(clock)) return [];
    return [
      // It is so until a reboot, however long ago it began.
      logFinding({ ...trouble, recent: true }, at, {
        id: 'slow-clock',
        severity: 'warning',
        confidence: 'certain',
        title: `The kernel reads the time from a slow clock source (${clock}): the TSC is unstable`,
        past: `The kernel read the time from a slow clock source (${clock})`,
        summary:
          'Programs that ask for the time often (proxies, databases, runtimes that trace) use more CPU time and answer slower: each reading is a system call that waits for a device. It stays so until a reboot. The watchdog of the kernel also trips when a virtual machine was held up.',
        remedies: [
          {
            text: 'See the clock sources that there are.',
            command: 'grep . /sys/devices/system/clocksource/clocksource0/*_clocksource',
            risk: 'none',
          },
          {
            text: 'Drain the node and reboot it. If it comes again: update the firmware, or give a virtual machine the clock of its hypervisor (kvm-clock, hyperv_clocksource); tsc=reliable only where the TSC is known to be good.',
            command: null,
            risk: 'high',
          },
        ],
      }),
    ];
  },
});

/** The clock source that the newest line names. */
function clockNow({ lines }: LogsModel): string | null {
  const last = lines.findLast(({ sign }) => sign === 'clock-switched');
  return /clocksource ([\w-]+)/i.exec(last?.text.replace(/^clocksource: /, '') ?? '')?.[1] ?? null;
}
