import { gap, type Pattern, type Step } from './pattern.ts';

/** dockerd handles an exit with the lock of the container held (daemon/monitor.go; StateChanged up to 17.06). */
const exit: Step = ['ProcessEvent', 'handleContainerExit', 'StateChanged'].map(
  (method) => `daemon.(*Daemon).${method}`,
);
const exitIs = 'Its exit is not finished: it stays "running", and inspect, stop and rm of it wait. ';

export const logDriverClose: Pattern = {
  id: 'log-driver-close',
  title: 'Holds the lock of a container at its exit, and waits for its log driver to close',
  meaning:
    `${exitIs}The log server is away: the driver tries to connect again and again and has no deadline. Bring the log ` +
    'server back; then set fluentd-async or a retry limit in the log options. Better in 20.10.13 (fluent-logger 1.8.0), ' +
    'solved in 23.0.0 (ForceStopAsyncSend).',
  versions: 'dockerd 19.03 to 22 with the fluentd log driver in async mode',
  references: ['https://github.com/moby/moby/issues/44511', 'https://github.com/moby/moby/issues/40063'],
  harmless: false,
  noun: null,
  signatures: [
    { steps: [gap, ['fluentd.(*fluentd).Close', 'fluent.(*Fluent).Close'], gap, 'container.(*Container).Reset'] },
  ],
};

export const logDriverDrain: Pattern = {
  id: 'log-driver-drain',
  title: 'Holds the lock of a container at its exit, and waits for its log driver to take the last lines',
  meaning:
    `${exitIs}The log server does not take what is left, or the driver is not set up. Look at the log driver of the ` +
    'container (docker info, its log options) and bring its server back; only that or a restart of dockerd ends the wait.',
  versions: 'dockerd, in most cases with the log option mode=non-blocking',
  references: ['https://github.com/moby/moby/issues/34582', 'https://github.com/moby/moby/issues/53143'],
  harmless: false,
  noun: null,
  unless: ['log-driver-close'],
  signatures: [
    {
      steps: [
        gap,
        [
          'logger.(*RingLogger).Close',
          'logger.(*Copier).Wait',
          'gelf.(*gelfLogger).Close',
          'syslog.(*syslogger).Close',
        ],
        gap,
        'container.(*Container).Reset',
        gap,
        exit,
      ],
    },
  ],
};

export const streamDrain: Pattern = {
  id: 'stream-drain',
  title: 'Holds the lock of a container at its exit, and waits for the copies of its output',
  meaning:
    `${exitIs}A fifo of its output does not end: a process that the container left behind, or its shim, still has it open. ` +
    'Look for processes of the container, and for its shim; killing them ends the wait. Newer versions wait 2 seconds.',
  versions: 'dockerd 1.11 to 18.06',
  references: ['https://github.com/moby/moby/issues/28889', 'https://github.com/moby/moby/issues/38073'],
  harmless: false,
  noun: null,
  signatures: [
    { steps: [gap, 'sync.(*WaitGroup).Wait', exit] },
    { steps: [gap, 'sync.(*WaitGroup).Wait', 'container.(*rio).Wait', gap, exit] },
    { steps: [gap, 'sync.(*WaitGroup).Wait', ['stream.(*Config).Wait', 'runconfig.(*StreamConfig).Wait'], gap, exit] },
  ],
};

export const logServerAway: Pattern = {
  id: 'log-server-away',
  title: 'A log driver tries to connect to its log server',
  meaning: 'The log server does not answer. Containers with this driver log nothing, and may not stop.',
  versions: 'dockerd with the fluentd log driver',
  references: ['https://github.com/moby/moby/issues/44511'],
  harmless: false,
  noun: 'log driver',
  signatures: [
    {
      steps: [gap, 'fluent.(*Fluent).connectWithRetry'],
      subject: [{ func: 'fluent.(*Fluent).connectWithRetry', word: 0 }],
    },
  ],
};

export const networkRelease: Pattern = {
  id: 'network-release',
  title: 'Holds the lock of a container at its exit, and releases its network',
  meaning:
    `${exitIs}The release waits for a lock of libnetwork: DNS queries of containers and network commands hang with it. ` +
    'An inversion of lock order is fixed in 23.0.0 and 20.10.27.',
  versions: 'dockerd before 20.10.27 and 23.0.0',
  references: [
    'https://github.com/moby/libnetwork/issues/2632',
    'https://github.com/moby/moby/pull/42545',
    'https://github.com/moby/moby/pull/46693',
  ],
  harmless: false,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        ['libnetwork.(*endpoint).sbLeave', 'libnetwork.(*Endpoint).sbLeave', 'libnetwork.(*network).getSvcRecords'],
        gap,
        'daemon.(*Daemon).releaseNetwork',
      ],
    },
  ],
};

export const containerConfigSync: Pattern = {
  id: 'container-config-sync',
  title: 'Writes the configuration of a container to the disk (fsync)',
  meaning: 'The lock of the container is held meanwhile. The disk of the engine’s root is slow, or does not write.',
  versions: 'dockerd',
  references: [],
  harmless: false,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        'ioutils.(*atomicFileWriter).Close',
        gap,
        ['container.(*Container).toDisk', 'container.(*Container).ToDisk', 'container.(*Container).CheckpointTo'],
      ],
    },
  ],
};

export const healthCheckStop: Pattern = {
  id: 'health-check-stop',
  title: 'Holds the lock of a container, and stops its health checks',
  meaning: `${exitIs}A probe that does not end holds it up: look at health-probe and at containerd.`,
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/52330'],
  harmless: false,
  noun: null,
  signatures: [{ steps: [gap, ['daemon.(*Daemon).stopHealthchecks', 'container.(*Health).CloseMonitorChannel']] }],
};
