import type { LogPatternId } from '../sample/log-patterns/patterns.ts';
import { type Finding, rule } from './engine/rule.ts';
import { hourMs, type LogTrouble, type LogVerdict, logFinding, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;

/** An overlay cannot be mounted, or does not work right, because of the layers that it is made of. */
export const overlayLayers = rule({
  id: 'overlay-layers',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const within = (id: LogPatternId, withinMs: number): LogTrouble | null =>
      troubleOfBoot(logs, [id], withinMs, { upMs, at });
    const found = (trouble: LogTrouble | null, words: LogVerdict): Finding[] =>
      trouble === null ? [] : [logFinding(trouble, at, words)];
    return [
      ...found(within('overlay-lowerdir-in-use', hourMs), inUse),
      ...found(within('overlay-no-dtype', dayMs), noTypes),
    ];
  },
});

const inUse: LogVerdict = {
  id: 'overlay-layers',
  severity: 'warning',
  confidence: 'certain',
  title: 'An overlay mount is refused: a layer below it is in use as the upper layer of another one',
  past: 'An overlay mount was refused: a layer below it was in use as the upper layer of another one',
  summary:
    'Builds, starts or pushes fail with "device or resource busy". Linux refuses it since 5.2; engines of before that mount a layer for writing while another overlay stands on it.',
  remedies: [
    { text: 'Update the engine: newer ones mount such a layer for reading only.', command: null, risk: 'high' },
    {
      text: 'If the engine is new, see which overlay mounts share a layer.',
      command: 'grep overlay /proc/1/mountinfo',
      risk: 'none',
    },
  ],
  references: ['https://github.com/moby/moby/pull/39780', 'https://github.com/docker/for-linux/issues/711'],
};

const noTypes: LogVerdict = {
  id: 'overlay-layers',
  severity: 'warning',
  confidence: 'certain',
  title: 'The filesystem below overlay has no d_type: deleted files come back, and removals of layers fail',
  past: 'The filesystem below overlay had no d_type',
  summary:
    'XFS that was made with ftype=0 is like that. The kernel calls the configuration invalid, and mounts it nevertheless.',
  remedies: [
    { text: 'See whether it is so: ftype=0.', command: 'xfs_info /var/lib/docker | grep ftype', risk: 'none' },
    {
      text: 'Drain the node and make the filesystem anew with mkfs.xfs -n ftype=1, or give the engine another one: the setting cannot be changed later.',
      command: null,
      risk: 'high',
    },
  ],
  references: ['https://github.com/moby/moby/issues/33478'],
};
