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
    'write and their pipe is full, and may not stop. Look at the log server (syslog, GELF, fluentd, Splunk); ' +
    'the log option mode=non-blocking keeps containers from blocking. Short ones are normal.',
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
