import { quote } from '../base/shell-word.ts';
import { rule } from './engine/rule.ts';
import { has, hourMs, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

/** A network device does not send what the kernel gives it: its driver, its firmware or the hardware hangs. */
export const networkDeviceTimeout = rule({
  id: 'network-device-timeout',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    // A reboot resets every device.
    const trouble = troubleOfBoot(logs, ['netdev-tx-timeout', 'netdev-driver-reset'], hourMs, { upMs, at });
    if (trouble === null) return [];
    const [device] = trouble.about;
    const devices = namesIn(trouble.about);
    const byKernel = has(trouble, 'netdev-tx-timeout');
    return [
      logFinding(trouble, at, {
        id: 'network-device-timeout',
        severity: 'warning',
        confidence: 'certain',
        title: `Network device ${devices} stopped sending (${byKernel ? 'NETDEV WATCHDOG: transmit queue timed out' : 'its driver reports it'})`,
        past: `Network device ${devices} stopped sending for a while`,
        summary: `The driver of the device finished no transmission for seconds, though the link is up, and ${byKernel ? 'the kernel told it to reset' : 'most drivers reset the device then'}. Network storage, the kubelet and pulls wait meanwhile.${byKernel ? ' Linux up to 6.6 reports only the first time after a boot, so it may have happened again.' : ''}`,
        remedies: [
          {
            text: 'See whether it sends again: the counter of sent packets has to rise.',
            command: device === undefined ? 'ip -s link' : `ip -s link show dev ${quote(device)}`,
            risk: 'none',
          },
          {
            text: 'See what the driver says of the reset.',
            command: `dmesg -T | grep -iE -A 20 'NETDEV WATCHDOG|tx completions|unit hang|tx (hang|timeout)' | tail -40`,
            risk: 'none',
          },
          {
            text: 'If it does not send, drain the node and reboot it. If it comes back, try a newer kernel or firmware of the device, another cable, another switch port.',
            command: null,
            risk: 'high',
          },
        ],
        references: ['https://docs.kernel.org/networking/netdevices.html'],
      }),
    ];
  },
});
