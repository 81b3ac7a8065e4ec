import { containerLockUsers, daemon } from './lock-users.ts';
import { gap, lock, lockSubject, type Pattern } from './pattern.ts';

export const containerLockWaiter: Pattern = {
  id: 'container-lock-waiter',
  title: 'Waits for the lock of a container in dockerd',
  meaning:
    'Something else holds the lock of this container: inspect of it hangs, other containers answer. Look at ' +
    'container-lock-holder. They pile up as long as clients keep asking.',
  versions: 'dockerd',
  references: [],
  harmless: false,
  noun: 'container',
  signatures: [{ steps: [lock, containerLockUsers], subject: lockSubject }],
};

const task = (...methods: readonly string[]): string[] =>
  methods.flatMap((method) => [
    `containerd.(*task).${method}`,
    `client.(*task).${method}`,
    `remote.(*task).${method}`,
    `remote.(*client).${method}`,
    `libcontainerd.(*client).${method}`,
    `libcontainerd.(*container).${method}`,
  ]);

const exitHandlers = daemon('ProcessEvent', 'handleContainerExit');

export const containerLockHolder: Pattern = {
  id: 'container-lock-holder',
  title: 'Holds the lock of a container in dockerd while it waits',
  meaning:
    'It took the lock of a container and now waits for containerd, for the container’s output to end, or for an unmount. ' +
    'Where there are container-lock-waiters, this is what they wait for: look at the shim of the container, at ' +
    'containerd, and at the disk below.',
  versions:
    'dockerd; calls to containerd have no deadline before 20.10 (exit handling) and still none for kill and start',
  references: [],
  harmless: false,
  noun: 'container',
  unless: ['container-lock-waiter'],
  signatures: [
    {
      steps: [gap, task('Kill', 'SignalProcess'), gap, daemon('killWithSignal')],
      subject: [{ func: daemon('killWithSignal'), word: 1 }],
    },
    { steps: [gap, task('Delete', 'DeleteTask'), gap, exitHandlers] },
    { steps: [gap, 'stream.(*Config).Wait', gap, exitHandlers] },
    { steps: [gap, 'unix.Unmount', gap, daemon('Cleanup'), gap, exitHandlers] },
    {
      steps: [gap, [...task('Create', 'Start'), 'remote.(*container).NewTask'], gap, daemon('containerStart')],
    },
  ],
};
