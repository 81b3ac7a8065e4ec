import { gap, type Pattern } from './pattern.ts';

export const taskExit: Pattern = {
  id: 'task-exit',
  title: 'Handles the exit of a container',
  meaning:
    'Short ones are normal. containerd gives each exit 10 seconds and tries again later (its log says "failed to handle ' +
    'container TaskExit event"); dockerd holds the lock of the container meanwhile. What is nearer to the leaf says what ' +
    'it waits for.',
  versions: 'dockerd, containerd with CRI',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    { steps: [gap, ['daemon.(*Daemon).handleContainerExit', 'daemon.(*Daemon).ProcessEvent']] },
    {
      steps: [
        gap,
        ['server', 'sbserver'].flatMap((folder) =>
          ['handleContainerExit', 'handleSandboxExit'].flatMap((name) => [
            `${folder}.${name}`,
            `${folder}.(*criService).${name}`,
            `${folder}.(*eventMonitor).${name}`,
          ]),
        ),
      ],
    },
  ],
};

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
