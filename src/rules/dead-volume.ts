import { quote } from '../base/shell-word.ts';
import type { LogPatternId } from '../sample/log-patterns/patterns.ts';
import { rule } from './engine/rule.ts';
import { has, hasStopped, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** What the kubelet gets from the mount, and what is the cause. */
const kinds: readonly (readonly [LogPatternId, string, string])[] = [
  ['volume-not-connected', 'not connected', 'the FUSE daemon of the mount is gone'],
  ['volume-stale', 'stale file handle', 'the file server was set up anew, or does not export it any more'],
  ['volume-host-down', 'host is down', 'the CIFS server is not reached'],
  ['volume-io-error', 'I/O error', 'its disk is gone, or its filesystem shut down (the kernel’s log says it)'],
];

/** The kubelet doubles its pause between two tries up to two minutes. */
const nextTryMs = 150_000;

/** A mount of a volume is dead: the kubelet can neither use nor unmount it, and the pod neither starts nor ends. */
export const deadVolume = rule({
  id: 'dead-volume',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(
      logs,
      kinds.map(([id]) => id),
    );
    if (trouble === null) return [];
    const found = kinds.filter(([id]) => has(trouble, id));
    const words = found.map(([, error]) => error).join(', ');
    const [path] = trouble.about;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'dead-volume',
        severity: 'warning',
        title: `A volume of a pod is dead (${words}): ${namesIn(trouble.about, 1)}`,
        past: `A volume of a pod was dead (${words}): ${namesIn(trouble.about, 1)}`,
        summary: `The mount answers the kubelet with an error: ${found.map(([, , cause]) => cause).join('; ')}. The kubelet tries again and again; the pod neither starts nor ends meanwhile.`,
        remedies: [
          {
            text: 'See the mount, and what serves it.',
            command:
              path === undefined
                ? null
                : `grep -F ${quote(path.split('/').slice(0, 2).join('/'))} /proc/self/mountinfo`,
            risk: 'none',
          },
          {
            text: 'Bring back what serves it, then unmount the dead mount lazily: the kubelet mounts the volume anew. What was not written is lost.',
            command: path === undefined ? null : `umount -l ${quote(`/var/lib/kubelet/${path}`)}`,
            risk: 'high',
          },
        ],
        references: ['https://github.com/kubernetes/kubernetes/issues/67072'],
      }),
    ];
  },
});
