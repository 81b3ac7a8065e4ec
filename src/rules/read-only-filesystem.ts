import { quote } from '../base/shell-word.ts';
import { rule } from './engine/rule.ts';
import { dataFoldersIn } from './shared/data-folders.ts';
import { hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The data of a daemon is on a filesystem that became read-only: it answers, and can do nothing. */
export const readOnlyFilesystem = rule({
  id: 'read-only-filesystem',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['daemon-read-only', 'engine-read-only'], hourMs);
    if (trouble === null) return [];
    // The kernel says which filesystem it is, and why.
    const said = troubleIn(logs, ['remount-read-only', 'filesystem-shutdown', 'filesystem-error'], hourMs);
    if (said?.recent === true) return [];
    const paths = dataFoldersIn(trouble, 'daemon-read-only', 'engine-read-only');
    const [path = '/'] = paths;
    return [
      logFinding(trouble, at, {
        id: 'read-only-filesystem',
        severity: 'warning',
        title: `Daemons cannot write: the filesystem of ${namesIn(paths)} is read-only`,
        past: `Daemons could not write: the filesystem of ${namesIn(paths)} was read-only`,
        summary:
          'Containers that run go on, new ones do not start. The kernel makes a filesystem read-only after an error of its disk. Docker of the snap sees only parts of the filesystem of the node.',
        remedies: [
          {
            text: 'See which filesystem it is, and whether the kernel says why.',
            command: `findmnt -T ${quote(path)}; dmesg -T --level=err,warn | tail -40`,
            risk: 'none',
          },
          {
            text: 'A filesystem with an error needs a check before it is written again: drain the node, and reboot it.',
            command: null,
            risk: 'high',
          },
        ],
        subjects: { mounts: paths },
      }),
    ];
  },
});
