import { quote } from '../base/shell-word.ts';
import { rule } from './engine/rule.ts';
import { has, hasStopped, hourly, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kubelet tries again after 0.5s, 1s, 2s and so on: five failures are within 16 seconds of one volume. */
const again = 8;
/** Its longest pause, and the try itself. */
const nextTryMs = 150_000;

/** A volume of a pod is not unmounted, so that the pod stays in Terminating, and the volume on the node. */
export const busyVolume = rule({
  id: 'busy-volume',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(
      logs,
      ['volume-unmount-stuck', 'volume-unmount-failed'],
      undefined,
      ({ about, lastAt }) =>
        !logs.tallies.some(
          (one) => one.sign === 'volume-unmounted' && one.about === about && (one.lastAt ?? 0) >= (lastAt ?? 0),
        ),
    );
    if (trouble === null) return [];
    const which = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about, 2)}`;
    const texts = trouble.tallies.map(({ example = '' }) => example);
    // The path is named last, and cut where the line is long; the volume has its own part of it in most cases.
    const held =
      texts.flatMap((text) => /(\/var\/lib\/kubelet\/pods\/[^\s"\\:]{1,300}): /.exec(text)?.[1] ?? [])[0] ??
      trouble.about[0];
    const isBusy = texts.some((text) => /device or resource busy|target is busy/i.test(text));
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'busy-volume',
        severity: isStuck(trouble) ? 'warning' : 'info',
        title: `A volume of a pod cannot be unmounted${isBusy ? ', because it is in use' : ''}${which}`,
        past: `A volume of a pod could not be unmounted${which}`,
        summary: `The pod stays in Terminating, and the volume cannot be attached to another node. ${isBusy ? 'A process, or a mount in another mount namespace, holds it.' : 'What the driver says is the cause.'}`,
        remedies: [
          {
            text: 'Find what holds it: a process with a file below it, or a mount namespace that has the mount.',
            command:
              held === undefined
                ? null
                : `grep -lF ${quote(held)} /proc/[0-9]*/mountinfo; ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F ${quote(held)}`,
            risk: 'none',
          },
          {
            text: 'When its process is gone, the kubelet unmounts it at its next try, within two minutes.',
            command: null,
            risk: 'none',
          },
        ],
        references: ['https://github.com/kubernetes/kubernetes/issues/65110'],
      }),
    ];
  },
});

function isStuck(trouble: LogTrouble): boolean {
  return has(trouble, 'volume-unmount-stuck') || hourly(trouble, 'volume-unmount-failed') >= again;
}
