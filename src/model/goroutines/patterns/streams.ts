import { gap, type Pattern } from './pattern.ts';

export const execOrAttachCopy: Pattern = {
  id: 'exec-or-attach-copy',
  title: 'Copies the streams of docker exec or attach',
  meaning:
    'Three for each exec or attach: two copies and one that waits for them. They end with it. A growing number is a leak: ' +
    'execs that never end, or whose clients went away without closing their streams.',
  versions: 'dockerd, containerd with CRI',
  references: [],
  harmless: true,
  noun: null,
  unless: ['cri-attach', 'exec-sync-drain', 'exec-sync-reader', 'health-probe-exec'],
  signatures: [
    { steps: [gap, 'stream.(*Config).CopyStreams.func*'] },
    { steps: [gap, ['daemon.(*Daemon).ContainerExecStart', 'daemon.(*Daemon).containerAttach']], states: attached() },
    { steps: [gap, ['server.(*criService).execInternal', 'sbserver.(*criService).execInternal']], states: attached() },
    {
      steps: [gap, ['server.(*criService).attachContainer', 'sbserver.(*criService).attachContainer']],
      states: attached(),
    },
  ],
};

function attached(): string[] {
  return ['select', 'chan receive', 'IO wait', 'semacquire', 'sync.WaitGroup.Wait', 'sync.Cond.Wait'];
}

export const openExec: Pattern = {
  id: 'open-exec',
  title: 'Execs and attaches that are open',
  meaning:
    'One for each: it waits until both copies of the streams end. A growing number never ends: look at its clients.',
  versions: 'dockerd',
  references: ['https://github.com/projectatomic/docker/issues/257'],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'sync.(*WaitGroup).Wait', 'stream.(*Config).CopyStreams.func*'] }],
};

export const logFollower: Pattern = {
  id: 'log-follower',
  title: 'Copies what containers write to their log',
  meaning: 'Four for each running container in dockerd: two that read its pipes, two that feed the log driver. Normal.',
  versions: 'dockerd, containerd, shims',
  references: [],
  harmless: true,
  noun: null,
  // They wait for another, not for the container.
  unless: ['log-server-write'],
  signatures: [
    { steps: [gap, 'ioutils.(*BytesPipe).Read', gap, 'logger.(*Copier).copySrc'] },
    { steps: [gap, 'logger.(*Copier).copySrc'] },
    { steps: [gap, 'fifo.(*fifo).Read', gap, 'stream.(*Config).CopyToPipe.func*'] },
    { steps: [gap, 'fifo.(*fifo).Read', gap, 'v2.(*binary).Start.func*'] },
    { steps: [gap, 'fifo.(*fifo).Read', gap, 'io.(*ContainerIO).Pipe.func*'] },
    { steps: [gap, 'io.readLine', 'io.redirectLogs'] },
    { steps: [gap, 'process.copyPipes.func*'] },
  ],
};

export const logReader: Pattern = {
  id: 'log-reader',
  title: 'docker logs',
  meaning: 'A client reads or follows the log of a container. Followers last as long as their clients.',
  versions: 'dockerd',
  references: [],
  harmless: true,
  noun: null,
  unless: ['log-follow'],
  signatures: [
    {
      steps: [
        gap,
        [
          'daemon.(*Daemon).ContainerLogs.func*',
          'container.(*containerRouter).getContainersLogs',
          'loggerutils.(*LogFile).ReadLogs',
        ],
      ],
    },
  ],
};

/** The one goroutine of each, which takes a thread where it waits in C. */
export const logFollow: Pattern = {
  id: 'log-follow',
  title: 'Clients that follow the log of a container (docker logs -f, agents)',
  meaning:
    'One for each; with journald it holds a thread. They last as long as their clients, and each keeps the log file open. In ' +
    '18.03 and 18.06 one stays when its client has gone (fixed in 18.09). Where they are many more than containers, look for ' +
    'a client that opens them and does not close them.',
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/37391', 'https://github.com/balena-os/balena-engine/issues/225'],
  harmless: true,
  noun: null,
  signatures: [
    { steps: [gap, ['jsonfilelog.followLogs', 'loggerutils.followLogs', 'loggerutils.(*follow).Do']] },
    {
      steps: [
        gap,
        [
          'journald._Cfunc_wait_for_data_cancelable',
          'journald._Cfunc_wait_for_data_or_close',
          'journald._Cfunc_sd_journal_wait',
          'sdjournal.(*Journal).Wait',
        ],
        gap,
        'journald.*',
      ],
    },
  ],
};

export const attachWatch: Pattern = {
  id: 'attach-watch',
  title: 'Watches whether the client of an attach is still there',
  meaning:
    'One for each docker attach and each docker run in the foreground, with a thread of its own. They last as long as their ' +
    'clients: thousands are of a client that opens attaches and does not close them, and at 10,000 threads Go aborts dockerd.',
  versions: 'dockerd 27.0 on',
  references: ['https://github.com/moby/moby/issues/48236', 'https://github.com/moby/moby/pull/45052'],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'container.notifyClosed'] }],
};

/** Its absence says more than its presence: see `event-streams.ts`. */
export const eventStream: Pattern = {
  id: 'event-stream',
  title: 'Hears containerd’s events',
  meaning:
    'dockerd learns here that containers exit. Two are healthy (namespaces moby and plugins.moby). When they are missing, ' +
    'exits are lost and containers seem to run for ever although their processes are gone.',
  versions: 'dockerd 17.06 and newer, under three names',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        [
          'remote.(*client).processEventStream',
          'libcontainerd.(*client).processEventStream',
          'libcontainerd.(*remote).handleEventStream',
        ],
      ],
    },
  ],
};
