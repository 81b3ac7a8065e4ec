import { gap, type Pattern } from './pattern.ts';

export const layerRemoval: Pattern = {
  id: 'layer-removal',
  title: 'Tries again and again to remove a container’s file system',
  meaning:
    'The directory is busy: it is mounted somewhere in this mount namespace under another path, or held by another ' +
    'namespace. dockerd tries 50 times in 5 seconds and then leaves the container dead.',
  versions: 'dockerd 17.06 and newer',
  references: [],
  harmless: false,
  noun: 'container',
  signatures: [
    {
      steps: [
        gap,
        ['system.EnsureRemoveAll', 'containerfs.EnsureRemoveAll'],
        gap,
        'layer.(*layerStore).ReleaseRWLayer',
      ],
      subject: [{ func: 'daemon.(*Daemon).cleanupContainer', word: 1 }],
    },
  ],
};
