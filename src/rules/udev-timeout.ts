import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** udev killed the worker of a device: what waits for udev's word on that device waits for ever. */
export const udevTimeout = rule({
  id: 'udev-timeout',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['udev-killed']);
    if (trouble === null) return [];
    const names = namesIn(trouble.about.map((path) => path.slice(path.lastIndexOf('/') + 1)));
    const mapped = trouble.about.some((path) => /(?:^|\/)dm-\d+$/.test(path));
    return [
      logFinding(trouble, at, {
        id: 'udev-timeout',
        severity: 'warning',
        title: `udev gave up on a device: ${names}`,
        past: `udev gave up on a device: ${names}`,
        summary: mapped
          ? 'libdevmapper waits until udev confirms a device, without a deadline: dockerd with devicemapper, LVM and dmsetup hang, and dockerd holds the lock of its driver meanwhile.'
          : 'A rule of udev, or the device itself, did not answer within three minutes.',
        remedies: [
          {
            text: 'Look for processes in D: the worker reads the device, and a device that hangs is the cause more often than udev.',
            command: 'rtwatch',
            risk: 'none',
          },
          ...(mapped
            ? [
                { text: 'See the cookies that wait for udev.', command: 'dmsetup udevcookies', risk: 'none' as const },
                {
                  text: 'When the device answers again, end the wait of one cookie.',
                  command: 'dmsetup udevcomplete COOKIE',
                  risk: 'low' as const,
                },
              ]
            : []),
        ],
        references: ['https://github.com/moby/moby/issues/27900', 'https://github.com/moby/moby/pull/29029'],
      }),
    ];
  },
});
