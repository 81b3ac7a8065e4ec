import { gap, type Pattern, type Step } from './pattern.ts';

const writers: Step = [
  'srslog.(*Writer).*',
  'syslog.(*Writer).*',
  'gelf.(*TCPWriter).*',
  'fluent.(*Fluent).*',
  'splunk.(*splunkLogger).*',
];

export const logServerWrite: Pattern = {
  id: 'log-server-write',
  title: 'A log driver waits for its log server',
  meaning:
    'It writes a line, or connects again, and has no deadline. While it lasts, containers with this log driver block when they ' +
    'write and their pipe is full, and may not stop. Look at the log server (syslog, GELF, fluentd, Splunk). ' +
    'With mode=non-blocking lines are dropped and containers do not block, but their exit waits all the same. Short ones are normal.',
  versions: 'dockerd with a log driver that writes over the network',
  references: ['https://github.com/moby/moby/issues/28575', 'https://github.com/moby/moby/issues/34582'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['log-server-away'],
  signatures: [
    { steps: [gap, 'net.(*conn).Write', gap, writers], states: ['IO wait', 'semacquire', 'sync.Mutex.Lock'] },
    { steps: [gap, 'time.Sleep', gap, 'gelf.(*TCPWriter).*'] },
    { steps: [gap, ['net.Dial', 'net.DialTimeout', 'net.(*Dialer).DialContext', 'net.(*Dialer).Dial'], gap, writers] },
  ],
};

/** daemon/logger/loggerutils/queue.go: Enqueue waits while the queue of the driver is full, in non-blocking mode too. */
export const logQueueFull: Pattern = {
  id: 'log-queue-full',
  title: 'A log driver waits for room in its queue to CloudWatch (awslogs)',
  meaning:
    'Its queue of lines (4096 by default) is full: the log service does not take them, or the log stream is not created. A container ' +
    'blocks when it writes; with mode=non-blocking its lines are dropped, and its exit waits for ever. Look at the log group, credentials ' +
    'and network. Short ones are normal.',
  versions: 'dockerd with awslogs; the wait of an exit up to 29.6 at least',
  references: ['https://github.com/moby/moby/issues/53143'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [{ steps: [gap, 'awslogs.(*logStream).Log'], states: ['select', 'chan send', 'sync.Cond.Wait'] }],
};

export const awslogsCreate: Pattern = {
  id: 'awslogs-create',
  title: 'The log stream of awslogs is not created',
  meaning:
    'In non-blocking mode the driver tries for ever to create its stream in CloudWatch: the log group is missing, or the ' +
    'service does not answer. Nothing takes the lines meanwhile, and an exit of the container waits for ever. Create the ' +
    'log group (or set awslogs-create-group), and check credentials and network.',
  versions: 'dockerd with awslogs, up to 29.6 at least',
  references: ['https://github.com/moby/moby/issues/53143'],
  harmless: false,
  noun: null,
  signatures: [{ steps: ['awslogs.(*logStream).collectBatch'], states: ['chan receive'] }],
};
