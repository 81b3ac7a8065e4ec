import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const unstable = [
  "clocksource: timekeeping watchdog on CPU2: Marking clocksource 'tsc' as unstable because the skew is too large:",
  'tsc: Marking TSC unstable due to clocksource watchdog',
];
const switched = (clock: string): string => `clocksource: Switched to clocksource ${clock}`;

test.each(['hpet', 'acpi_pm'])('a node that fell back to %s is told with what it costs', (clock) => {
  const finding = foundInKernelLog('slow-clock', [switched('tsc'), ...unstable, switched(clock)]);
  expect(finding).toMatchObject({ severity: 'warning', title: expect.stringContaining(clock) });
  expect(adviceOf(finding)).toContain('clocksource0/');
});

test('a virtual machine that keeps the clock of its hypervisor is silent, and so is a boot', () => {
  const wellBoots = [
    [switched('kvm-clock'), ...unstable],
    [...unstable, switched('hyperv_clocksource_tsc_page')],
    [switched('acpi_pm'), switched('tsc')],
    [switched('hpet')],
  ];
  for (const lines of wellBoots) expect(() => foundInKernelLog('slow-clock', lines)).toThrow('no finding');
});
