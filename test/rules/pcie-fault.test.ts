import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

test('fatal errors of the bus and a lost link are told with the device', () => {
  const fatal =
    'pcieport 0000:00:03.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer, (Requester ID)';
  const finding = foundInKernelLog('pcie-fault', [fatal]);
  expect(finding).toMatchObject({ severity: 'warning', title: 'Fatal errors on the PCIe bus: 0000:00:03.0' });
  expect(adviceOf(finding)).toContain('lspci -vv -s 0000:00:03.0');
  expect(foundInKernelLog('pcie-fault', ['igb 0000:02:00.0 enp2s0: PCIe link lost'])).toMatchObject({
    severity: 'critical',
    title: 'A device lost its PCIe link: 0000:02:00.0 enp2s0',
    subjects: { devices: ['0000:02:00.0', 'enp2s0'] },
  });
});

test('what the bus corrected, and what is not fatal, is no fault of a device', () => {
  const noise = [
    'pcieport 0000:00:1c.5: PCIe Bus Error: severity=Corrected, type=Physical Layer, id=00e5(Receiver ID)',
    'pcieport 0000:80:1b.4: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Transaction Layer, (Receiver ID)',
    'pcieport 0000:80:1b.4: AER: device recovery failed',
  ];
  expect(() => foundInKernelLog('pcie-fault', noise)).toThrow('no finding');
});
