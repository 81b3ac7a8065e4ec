import { gap, type Pattern } from './pattern.ts';

export const dockerdStop: Pattern = {
  id: 'dockerd-stop',
  title: 'dockerd is stopping',
  meaning:
    'It has closed its socket, so that no client reaches it, and stops its containers: 15 s (--shutdown-timeout), or longer where one ' +
    'has a longer stop timeout. After that it exits anyway; systemd kills it after TimeoutStopSec. What is nearer to the leaf, or ' +
    'below daemon.(*Daemon).Shutdown in another goroutine, says what it waits for.',
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/45634', 'https://github.com/moby/moby/issues/31459'],
  harmless: true,
  briefMinutes: 2,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        [
          'daemon.(*Daemon).Shutdown',
          'daemon.(*Daemon).shutdownContainer',
          'main.shutdownDaemon',
          'command.shutdownDaemon',
        ],
      ],
    },
  ],
};

export const swarmStop: Pattern = {
  id: 'swarm-stop',
  title: 'dockerd was stopping, and its swarm component did not stop in time',
  meaning:
    'dockerd wrote this dump by itself (failed to shut down cluster node), and went on with its stop. What the swarm component ' +
    'waited for is in it: a goroutine of swarmkit or of an overlay network in state chan send, or one that waits for a lock.',
  versions: 'dockerd with swarm',
  references: ['https://github.com/moby/moby/issues/43148'],
  harmless: false,
  noun: null,
  signatures: [
    { steps: [gap, ['signal.DumpStacks', 'stack.Dump'], ['cluster.(*Cluster).Cleanup', 'cluster.(*Cluster).Leave']] },
  ],
};

export const serverStop: Pattern = {
  id: 'server-stop',
  title: 'Its server stops, and waits for requests that are still open',
  meaning:
    'No new request is taken. It ends when the open ones are answered or the deadline of the stop is over: look at the requests ' +
    'in this dump.',
  versions: 'containerd, Podman, CRI-O, dockerd 23.0 on',
  references: [],
  harmless: true,
  briefMinutes: 2,
  noun: null,
  unless: ['dockerd-stop'],
  signatures: [
    { steps: [gap, ['http.(*Server).Shutdown', 'grpc.(*Server).GracefulStop', 'ttrpc.(*Server).Shutdown']] },
  ],
};

/** A server of streams waits for its copies as long as they last; what answers once does not. */
export const requestGroupWait: Pattern = {
  id: 'request-group-wait',
  title: 'A request waits for goroutines that it started (WaitGroup)',
  meaning:
    'It is answered when all of them are done: look for goroutines that the same function created, and for what they wait. ' +
    'Short ones are normal.',
  versions: 'any gRPC or ttrpc server',
  references: [],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['exec-sync-drain', 'stream-drain', 'log-driver-close', 'cri-attach', 'server-stop'],
  signatures: [
    {
      steps: [
        gap,
        'sync.(*WaitGroup).Wait',
        gap,
        ['grpc.(*Server).processUnaryRPC', 'ttrpc.(*serviceSet).unaryCall', 'ttrpc.(*serviceSet).dispatch'],
      ],
    },
  ],
};
