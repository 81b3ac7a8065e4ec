import { rule } from './engine/rule.ts';
import { has, hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kernel says that a disk, its controller or a filesystem on it fails. */
export const diskErrors = rule({
  id: 'disk-errors',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(
      logs,
      ['nvme-timeout', 'device-offline', 'io-error', 'filesystem-shutdown', 'remount-read-only', 'filesystem-error'],
      hourMs,
    );
    if (trouble === null) return [];
    const lost = has(trouble, 'filesystem-shutdown', 'remount-read-only', 'device-offline');
    const what = [
      ...(has(trouble, 'device-offline') ? ['offline device'] : []),
      ...(has(trouble, 'nvme-timeout') ? ['NVMe timeouts'] : []),
      ...(has(trouble, 'io-error') ? ['I/O errors'] : []),
      ...(has(trouble, 'filesystem-shutdown') ? ['filesystem shut down'] : []),
      ...(has(trouble, 'remount-read-only') ? ['filesystem read-only'] : []),
      ...(has(trouble, 'filesystem-error') ? ['damaged filesystem'] : []),
    ].join(', ');
    const where = trouble.about.length === 0 ? '' : ` on ${namesIn(trouble.about)}`;
    return [
      logFinding(trouble, at, {
        id: 'disk-errors',
        severity: lost ? 'critical' : 'warning',
        confidence: 'certain',
        title: `Disks fail: ${what}${where}`,
        past: `Disks failed: ${what}${where}`,
        summary:
          'The kernel reports errors of a disk or of a filesystem on it. What is written there may be lost, and processes that use it block or fail.',
        remedies: [
          {
            text: 'Look at the kernel’s messages about this device, from the first one on.',
            command: 'dmesg -T --level=err,warn',
            risk: 'none',
          },
          {
            text: 'Check the disk or its path (cable, controller, SAN, hypervisor), then drain the node. A filesystem that shut down needs an unmount and a repair.',
            command: null,
            risk: 'high',
          },
        ],
        subjects: { devices: trouble.about },
      }),
    ];
  },
});
