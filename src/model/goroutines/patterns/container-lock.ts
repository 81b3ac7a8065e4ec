import { gap, lock, lockSubject, type Pattern, type Step } from './pattern.ts';

const daemon = (...methods: readonly string[]): string[] => methods.map((method) => `daemon.(*Daemon).${method}`);

/** What takes the lock of a container. */
const users: Step = [
  ...daemon(
    'ContainerInspect',
    'ContainerInspectCurrent',
    'containerInspect120',
    'containerInspectPre120',
    'getInspectData',
    'killWithSignal',
    'Kill',
    'ContainerStart',
    'containerStart',
    'ContainerStop',
    'containerStop',
    'containerRestart',
    'containerPause',
    'containerUnpause',
    'ContainerRename',
    'ContainerResize',
    'ContainerRm',
    'containerRm',
    'cleanupContainer',
    'ContainerStats',
    'ContainerTop',
    'ContainerUpdate',
    'update',
    'ContainerAttach',
    'ContainerAttachRaw',
    'ContainerLogs',
    'ContainerExecCreate',
    'ContainerExecStart',
    'ContainerWait',
    'containerExport',
    'ProcessEvent',
    'handleContainerExit',
    'updateHealthMonitor',
    'initHealthMonitor',
    'stopHealthchecks',
    'getExecConfig',
    'getContainerConfigs',
  ),
  'daemon.(*cmdProbe).run',
  'daemon.handleProbeResult',
  'daemon.monitor',
  'container.(*State).*',
  'container.(*Container).*',
];

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
  signatures: [{ steps: [lock, users], subject: lockSubject }],
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
