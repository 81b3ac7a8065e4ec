import { quote } from '../base/shell-word.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** One attempt logs two lines at once; the kubelet tries again after ten seconds and more. */
const oneAttemptMs = 3000;

/** An image is listed, and a part of it is not in containerd's content store: no container of it can be created on this node. */
export const missingContent = rule({
  id: 'missing-content',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['content-missing']);
    if (trouble === null) return snapshotsOf(logs, at);
    const { firstAt, lastAt } = trouble;
    const isOne = trouble.count < 2 || (firstAt !== null && lastAt !== null && lastAt - firstAt < oneAttemptMs);
    const names = namesIn(trouble.about.map((digest) => digest.slice(0, 'sha256:'.length + 12)));
    return [
      logFinding(trouble, at, {
        id: 'missing-content',
        severity: isOne ? 'info' : 'warning',
        title: `Content of an image is missing in containerd: ${names}`,
        past: `Content of an image was missing in containerd: ${names}`,
        summary:
          'The image is known, and a layer or its configuration is not on the disk: no container of it can be created here. Each retry fails; other nodes are not affected.',
        remedies: [
          {
            text: 'Find the images that are not whole.',
            command: 'ctr -n k8s.io images check',
            risk: 'none',
          },
          {
            text: 'Remove that image and pull it again: a pull alone takes the image for complete.',
            command: 'crictl rmi IMAGE && crictl pull IMAGE',
            risk: 'low',
          },
        ],
        references: [
          'https://github.com/containerd/containerd/issues/10843',
          'https://github.com/containerd/containerd/issues/11390',
        ],
      }),
    ];
  },
});

/** The metadata of containerd knows snapshots whose files are gone: that stays so, whatever is tried. */
function snapshotsOf(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['snapshot-missing'], hourMs);
  if (trouble === null) return [];
  const where = namesIn(trouble.about, 2);
  return [
    logFinding(trouble, at, {
      id: 'missing-content',
      severity: 'warning',
      title: `Files of snapshots are missing below containerd: ${where}`,
      past: `Files of snapshots were missing below containerd: ${where}`,
      summary:
        'Its metadata knows them, so containers cannot be created and images cannot be unpacked, however often it is tried. Something removed the files, or the filesystem that has them is not mounted.',
      remedies: [
        {
          text: 'See whether the filesystem below containerd’s root is mounted, and whether the directory is there.',
          command:
            trouble.about[0] === undefined
              ? null
              : `findmnt -T ${quote(trouble.about[0])}; ls -ld ${quote(trouble.about[0])}`,
          risk: 'none',
        },
        {
          text: 'If the files are gone for good, remove the images that need them and pull them again; if all are gone, stop containerd and remove its metadata (meta.db, metadata.db) too.',
          command: null,
          risk: 'high',
        },
      ],
      references: ['https://github.com/containerd/containerd/issues/3369'],
    }),
  ];
}
