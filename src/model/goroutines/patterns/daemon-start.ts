import { gap, type Pattern } from './pattern.ts';

export const loadShims: Pattern = {
  id: 'load-shims',
  title: 'containerd is still in its start: it loads the shims that were left',
  meaning:
    'A leftover shim does not answer its Delete, and the call has no deadline, so the start never ends and systemd tries ' +
    'again after TimeoutStartSec. Kill the shim that does not answer: the start then continues.',
  versions: 'containerd 2.x, up to 2.4.0-beta.0',
  references: ['https://github.com/containerd/containerd/issues/13848'],
  harmless: false,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        [
          'v2.(*ShimManager).loadShims',
          'v2.(*ShimManager).loadShim',
          'v2.(*TaskManager).loadShims',
          'v2.(*ShimManager).LoadExistingShims',
          'v2.loadExistingTasks',
          'v2.(*TaskManager).loadTasks',
        ],
      ],
    },
  ],
};

export const dockerdStart: Pattern = {
  id: 'dockerd-start',
  title: 'dockerd is still in its start',
  meaning:
    'It answers no request until its start is done, which takes seconds, or minutes with many containers. What is nearer to ' +
    'the leaf says what it waits for.',
  versions: 'dockerd',
  references: [],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'daemon.NewDaemon'] }],
};

export const containerdStart: Pattern = {
  id: 'containerd-start',
  title: 'containerd is still in its start: it loads its plugins',
  meaning:
    'It answers no call until its start is done, which takes a second or two. What is nearer to the leaf says what it waits for; ' +
    'systemd stops it after TimeoutStartSec and tries again.',
  versions: 'containerd 1.0 on',
  references: ['https://github.com/pangeo-data/pangeo-binder/issues/48'],
  harmless: true,
  noun: null,
  signatures: [
    { steps: [gap, ['plugin.(*Registration).Init', 'registry.(*Registration).Init', 'plugin.Registration.Init']] },
  ],
};
