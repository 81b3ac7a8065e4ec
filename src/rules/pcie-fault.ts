import { quote } from '../base/shell-word.ts';
import { rule } from './engine/rule.ts';
import { has, hourMs, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

/** The PCI Express bus to a device failed: what sits behind it (a disk, a network card, a GPU) hangs or is gone. */
export const pcieFault = rule({
  id: 'pcie-fault',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const trouble = troubleOfBoot(logs, ['pcie-link-lost', 'pcie-fatal'], hourMs, { upMs, at });
    if (trouble === null) return [];
    const lost = has(trouble, 'pcie-link-lost');
    // The name of a network device stands behind its address.
    const device = trouble.about[0]?.split(' ')[0];
    const devices = namesIn(trouble.about);
    return [
      logFinding(trouble, at, {
        id: 'pcie-fault',
        severity: lost ? 'critical' : 'warning',
        confidence: 'certain',
        title: lost ? `A device lost its PCIe link: ${devices}` : `Fatal errors on the PCIe bus: ${devices}`,
        past: lost ? `A device lost its PCIe link: ${devices}` : `There were fatal errors on the PCIe bus: ${devices}`,
        summary: lost
          ? 'The driver reads nothing from it any more. It stays so until the node is powered off and on, in most cases.'
          : "The kernel resets the link. A device whose driver cannot take that (can't recover) does not work afterwards, and calls into its driver may block.",
        remedies: [
          {
            text: 'See which device it is, and whether it answers.',
            command: device === undefined ? 'lspci' : `lspci -vv -s ${quote(device)}`,
            risk: 'none',
          },
          {
            text: 'Drain the node and power it off and on. If it comes again: firmware, the slot, the power supply, or the device.',
            command: null,
            risk: 'high',
          },
        ],
        subjects: { devices: trouble.about.flatMap((name) => name.split(' ')) },
      }),
    ];
  },
});
