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
  briefMinutes: 2,
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
