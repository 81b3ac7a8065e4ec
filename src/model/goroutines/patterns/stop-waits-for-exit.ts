import type { Pattern } from './pattern.ts';

const kill = ['daemon.(*Daemon).Kill', 'daemon.(*Daemon).kill'];
const stop = 'daemon.(*Daemon).containerStop';
const waits = ['chan receive', 'select'];

/** `Kill(daemon, container)`, `containerStop(daemon, [ctx,] container, …)`: the container is the second word. */
const container = [
  { func: kill, word: 1 },
  { func: stop, word: 1 },
];

/**
 * Up to 20.10.9 `Kill` waits without a deadline, and so does `containerStop` after an error of `Kill`; the handler does not
 * check whether its client is still connected.
 */
export const stopWaitsForExit: Pattern = {
  id: 'stop-waits-for-exit',
  title: 'docker stop, kill or rm waits for a container to exit',
  meaning:
    'dockerd sent the signal and waits for the exit event. Up to 20.10.9 it waits for ever: each further attempt leaves ' +
    'two goroutines, a connection and its buffers, until the container exits or dockerd is restarted. From 20.10.10 on ' +
    'the wait ends after the grace period and some 14 seconds. More than one for a container, or a growing number: the ' +
    'container has a process that cannot be killed (D, or a zombie with a thread in D), or its exit event was lost.',
  versions: 'dockerd; without end up to 20.10.9, bounded from 20.10.10 on',
  references: [
    'https://github.com/moby/moby/pull/42956',
    'https://github.com/moby/moby/pull/41586',
    'https://github.com/moby/moby/pull/41588',
  ],
  harmless: false,
  noun: 'container',
  signatures: [
    {
      steps: [
        kill,
        [
          stop,
          'daemon.(*Daemon).ContainerStop',
          'daemon.(*Daemon).ContainerKill',
          'daemon.(*Daemon).cleanupContainer',
          'daemon.(*Daemon).shutdownContainer',
        ],
      ],
      states: waits,
      subject: container,
    },
    {
      steps: [
        stop,
        [
          'daemon.(*Daemon).ContainerStop',
          'daemon.(*Daemon).ContainerRestart',
          'daemon.(*Daemon).containerRestart',
          'daemon.(*Daemon).shutdownContainer',
        ],
      ],
      states: waits,
      subject: [{ func: stop, word: 1 }],
    },
    {
      // Up to 17.03; the channel is received from in a helper that may be inlined.
      steps: ['container.(*State).WaitStop', [...kill, stop]],
      states: waits,
      subject: container,
    },
    { steps: ['container.wait', 'container.(*State).WaitStop', [...kill, stop]], states: waits, subject: container },
  ],
};
