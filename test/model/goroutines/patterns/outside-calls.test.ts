import { describe, expect, test } from 'vitest';
import { eventStreamsOf } from '../../../../src/model/goroutines/event-streams.ts';
import { patternText } from '../../../../src/view/report/goroutines.ts';
import { daemon, docker, goroutine, idsOf, moby, report } from '../goroutine.ts';

const netlink = 'github.com/vishvananda/netlink';
const socketWrite = ['internal/poll.runtime_pollWait', 'net.(*netFD).Write', 'net.(*conn).Write'];
const kubelet = 'k8s.io/kubernetes/pkg/kubelet.(*Kubelet)';
const srslog = `${docker}vendor/github.com/RackSec/srslog.(*Writer)`;
const libpod = 'github.com/containers/podman/v4/libpod';
const ttrpc = 'github.com/containerd/ttrpc';

describe('what a daemon waits for outside of itself is named', () => {
  test.each<[string, string[], string]>([
    [
      'udev-wait',
      [`${docker}pkg/devicemapper._Cfunc_dm_udev_wait(0xd4d8689)`, `${docker}pkg/devicemapper.UdevWait(0xc420cb0d68)`],
      'syscall',
    ],
    [
      'volume-plugin-call',
      [
        'net/http.(*persistConn).roundTrip',
        `${docker}pkg/plugins.(*Client).callWithRetry`,
        `${docker}pkg/plugins.(*Client).Call`,
        `${docker}volume/drivers.(*volumeDriverProxy).Mount`,
        daemon('containerStart'),
      ],
      'select',
    ],
    [
      'plugin-call',
      [
        'net/http.(*persistConn).roundTrip',
        `${docker}pkg/plugins.(*Client).Call`,
        'github.com/docker/libnetwork/drivers/remote.(*driver).call',
      ],
      'select',
    ],
    [
      'netlink-request',
      [
        'syscall.recvfrom',
        `${netlink}/nl.(*NetlinkSocket).Receive(0xc8409ead20)`,
        `${netlink}/nl.(*NetlinkRequest).Execute(0xc83fc4ccc0)`,
        `${netlink}.LinkSetMasterByIndex`,
      ],
      'syscall',
    ],
    [
      'firewalld-call',
      [
        'github.com/godbus/dbus.(*Object).Call',
        'github.com/docker/libnetwork/iptables.checkRunning',
        'github.com/docker/libnetwork/iptables.FirewalldInit',
      ],
      'chan receive',
    ],
    [
      'systemd-call',
      [
        'github.com/godbus/dbus.(*Object).Call',
        'github.com/coreos/go-systemd/v22/dbus.(*Conn).startJob',
        'github.com/opencontainers/runc/libcontainer/cgroups/systemd.(*Manager).Apply',
      ],
      'chan receive',
    ],
    [
      'mount-point-stat',
      ['syscall.Syscall6', 'syscall.fstatat', 'os.Stat', 'k8s.io/mount-utils.(*Mounter).IsLikelyNotMountPoint'],
      'syscall',
    ],
    [
      'mount-point-stat',
      ['syscall.Syscall', 'syscall.Statfs', 'github.com/google/cadvisor/fs.getVfsStats', 'main.main'],
      'syscall',
    ],
    ['unmount-call', ['golang.org/x/sys/unix.Unmount', 'github.com/containerd/containerd/mount.unmount'], 'syscall'],
    ['tree-removal', ['syscall.unlinkat', 'os.Remove', 'os.RemoveAll', daemon('cleanupContainer')], 'syscall'],
    ['bolt-file-lock', ['time.Sleep', 'github.com/boltdb/bolt.flock', 'github.com/boltdb/bolt.Open'], 'sleep'],
    [
      'log-server-write',
      [...socketWrite, `${srslog}.writeAndRetry`, `${docker}daemon/logger.(*Copier).copySrc`],
      'IO wait',
    ],
    ['log-server-write', ['net.(*netFD).connect', 'net.Dial', 'log/syslog.(*Writer).connect'], 'IO wait'],
    ['awslogs-create', [`${moby}daemon/logger/awslogs.(*logStream).collectBatch`], 'chan receive'],
    [
      'log-queue-full',
      [
        `${moby}daemon/logger/loggerutils.(*MessageQueue).Enqueue`,
        `${moby}daemon/logger/awslogs.(*logStream).Log`,
        `${moby}daemon/logger.(*RingLogger).run`,
      ],
      'select',
    ],
    ['log-queue-full', [`${docker}daemon/logger/awslogs.(*logStream).Log`], 'chan send'],
    [
      'file-lock-wait',
      [
        'syscall.Syscall',
        'golang.org/x/sys/unix.Flock',
        'github.com/containerd/nerdctl/v2/pkg/internal/filesystem.Lock',
      ],
      'syscall',
    ],
    [
      'oom-event-read',
      [
        'syscall.read',
        'github.com/docker/containerd/runtime.(*oom).Flush',
        'github.com/docker/containerd/supervisor.(*Monitor).processEvent',
      ],
      'syscall',
    ],
    [
      'shim-send',
      [...socketWrite, `${ttrpc}.(*channel).send`, `${ttrpc}.(*Client).createStream`, `${ttrpc}.(*Client).dispatch`],
      'IO wait',
    ],
    [
      'child-wait',
      [
        'syscall.wait4',
        'os.(*Process).Wait',
        'os/exec.(*Cmd).Wait',
        'os/exec.(*Cmd).Run',
        'os/exec.(*Cmd).CombinedOutput',
        'k8s.io/kubernetes/pkg/util/mount.(*NsenterMounter).IsLikelyNotMountPoint',
      ],
      'syscall',
    ],
    [
      'child-wait',
      [
        'os.(*Process).pidfdWait.func1',
        'os.(*Process).pidfdWait',
        'os.(*Process).Wait',
        'os/exec.(*Cmd).Wait',
        'os/exec.(*Cmd).Run',
      ],
      'syscall',
    ],
    ['child-output', ['os/exec.(*Cmd).awaitGoroutines', 'os/exec.(*Cmd).Wait', 'os/exec.(*Cmd).Run'], 'chan receive'],
    ['child-output', ['os/exec.(*Cmd).Wait', 'os/exec.(*Cmd).Output'], 'chan receive'],
    [
      'libpod-lock',
      [
        'runtime.cgocall',
        `${libpod}/lock/shm._Cfunc_lock_semaphore`,
        `${libpod}/lock/shm.(*SHMLocks).LockSemaphore`,
        `${libpod}.(*Runtime).removePod`,
      ],
      'syscall',
    ],
    [
      'storage-file-lock',
      [
        'syscall.Syscall',
        'golang.org/x/sys/unix.FcntlFlock',
        'github.com/containers/storage/pkg/lockfile.lockHandle',
        'github.com/containers/storage/pkg/lockfile.(*LockFile).lock',
      ],
      'syscall',
    ],
    [
      'bolt-damaged',
      [
        'github.com/boltdb/bolt.(*freelist).free',
        'github.com/boltdb/bolt.(*Tx).Commit',
        'github.com/boltdb/bolt.(*DB).Update',
      ],
      'running',
    ],
    ['dockerd-start', ['github.com/godbus/dbus.(*Conn).Hello', `${docker}daemon.NewDaemon`, 'main.main'], 'select'],
  ])('%s', (id, lines, state) => {
    expect(idsOf(lines, { state })).toEqual([id]);
  });

  test('an exit that waits for its log driver, whatever the driver, does not name fluentd', () => {
    const stack = [
      'sync.runtime_SemacquireWaitGroup(0xc000f28bd8)',
      'sync.(*WaitGroup).Wait(0xc000f28bd0)',
      `${moby}daemon/logger.(*RingLogger).Close`,
      `${moby}daemon/container.(*Container).Reset`,
      daemon('handleContainerExit', moby),
    ];
    const [drain] = report([goroutine(stack, { state: 'sync.WaitGroup.Wait' })]).patterns.filter(
      ({ id }) => id === 'log-driver-drain',
    );
    expect(drain?.meaning).not.toContain('fluentd');
  });

  test('an exit that waits for the copies of the output', () => {
    const stack = [
      'sync.runtime_Semacquire(0xc4215af98c)',
      'sync.(*WaitGroup).Wait(0xc4215af980)',
      daemon('StateChanged'),
    ];
    expect(idsOf(stack, { state: 'semacquire' })).toContain('stream-drain');
  });
});

describe('a call that is normally brief', () => {
  const unmounts = (...minutes: (number | null)[]) =>
    report(
      minutes.map((waitMinutes, id) =>
        goroutine(['golang.org/x/sys/unix.Unmount', 'main.main'], { id, state: 'syscall', waitMinutes }),
      ),
    ).patterns;

  test('is harmless while it is brief', () => {
    expect(unmounts(null, 2, 4)).toMatchObject([{ id: 'unmount-call', harmless: true, overdueMinutes: null }]);
  });

  test('is none when one has lasted for minutes, which is said', () => {
    const [unmount] = unmounts(null, 2, 47);
    expect(unmount).toMatchObject({ id: 'unmount-call', harmless: false, overdueMinutes: 47 });
    expect(unmount === undefined ? '' : patternText(unmount)).toBe('Waits in umount(), for up to 47m');
  });

  test('is not judged by others that wait for long', () => {
    const others = goroutine(['main.serve'], { id: 9, state: 'select', waitMinutes: 900 });
    const brief = goroutine(['golang.org/x/sys/unix.Unmount', 'main.main'], { id: 1, state: 'syscall' });
    expect(report([others, brief]).patterns).toMatchObject([{ id: 'unmount-call', harmless: true }]);
  });
});

describe('what only looks like it is not', () => {
  test.each<[string, string[], string]>([
    [
      'a listener for missing neighbours, which receives for ever',
      [
        'syscall.recvfrom',
        `${netlink}/nl.(*NetlinkSocket).Receive`,
        'github.com/docker/libnetwork/drivers/overlay.(*network).watchMiss',
      ],
      'syscall',
    ],
    [
      'the reader of a connection to D-Bus',
      [
        'net.(*UnixConn).ReadMsgUnix',
        'github.com/godbus/dbus.(*unixTransport).ReadMessage',
        'github.com/godbus/dbus.(*Conn).inWorker',
      ],
      'IO wait',
    ],
    ['a batch of awslogs', [`${moby}daemon/logger/awslogs.(*logStream).collectBatch`], 'select'],
    ['the sync loop between two events', [`${kubelet}.syncLoopIteration`, `${kubelet}.syncLoop`], 'select'],
    [
      'a program that runs as long as its caller, which waits for it beside its work',
      [
        'syscall.wait4',
        'os.(*Process).Wait',
        'os/exec.(*Cmd).Wait',
        `${docker}libcontainerd/supervisor.(*remote).startContainerd.func1`,
      ],
      'syscall',
    ],
    ['a lock of Podman that is given back', [`${libpod}/lock/shm.(*SHMLocks).UnlockSemaphore`], 'syscall'],
    ['a stat that is over', ['os.Stat', 'k8s.io/mount-utils.(*Mounter).IsLikelyNotMountPoint'], 'runnable'],
    [
      'the reader of answers of a shim',
      ['internal/poll.runtime_pollWait', 'net.(*conn).Read', `${ttrpc}.(*channel).recv`, `${ttrpc}.(*receiver).run`],
      'IO wait',
    ],
  ])('%s', (_, lines, state) => {
    expect(idsOf(lines, { state })).toEqual([]);
  });
});

describe('what a healthy daemon does for a moment is no trouble', () => {
  test.each<[string, string[], string, string]>([
    [
      'the wait of two seconds for the output of a container that exits',
      [`${moby}daemon/internal/stream.(*Config).Wait`, daemon('handleContainerExit', moby)],
      'select',
      'stream-drain',
    ],
    [
      'the copies of the output of an exec',
      ['sync.(*WaitGroup).Wait', `${moby}container/stream.(*Config).CopyToPipe.func1`],
      'semacquire',
      'stream-drain',
    ],
    [
      'a ring of log lines that is closed, and no exit waits for it',
      ['sync.(*WaitGroup).Wait', `${moby}daemon/logger.(*RingLogger).Close`],
      'sync.WaitGroup.Wait',
      'log-driver-drain',
    ],
    [
      'a database that is opened and whose lock is free',
      ['syscall.Flock', 'github.com/boltdb/bolt.flock', 'github.com/boltdb/bolt.Open'],
      'syscall',
      'bolt-file-lock',
    ],
    [
      'a call to a shim that is written at once',
      ['syscall.write', 'net.(*conn).Write', `${ttrpc}.(*channel).send`, `${ttrpc}.(*Client).dispatch`],
      'syscall',
      'shim-send',
    ],
  ])('%s', (_, lines, state, id) => {
    expect(idsOf(lines, { state })).not.toContain(id);
  });
});

describe('a call that is a sign anyway', () => {
  const call = [
    `${ttrpc}.(*Client).dispatch(0x3f1ed33fc300)`,
    `${ttrpc}.(*Client).Call`,
    'github.com/containerd/containerd/v2/core/runtime/v2.(*shimTask).Shutdown',
  ];
  const textOf = (waitMinutes: number | null): string[] =>
    report([goroutine(call, { state: 'select', waitMinutes })]).patterns.map(patternText);

  test('says for how long', () => {
    expect(textOf(1391)).toEqual(['containerd waits for a shim to answer, for 23h 11m']);
  });
  test('says no time while it is short', () => {
    expect(textOf(null)).toEqual(['containerd waits for a shim to answer']);
  });
});

describe('the exit of a container', () => {
  const exit = (waitMinutes: number | null) =>
    report([goroutine([daemon('ProcessEvent')], { state: 'select', waitMinutes })]).patterns.find(
      ({ id }) => id === 'task-exit',
    );
  test('is normal for a moment', () => {
    expect(exit(null)).toMatchObject({ harmless: true });
  });
  test('is a sign when it lasts', () => {
    expect(exit(12)).toMatchObject({ harmless: false, overdueMinutes: 12 });
  });
});

describe('that dockerd does not read events is not said', () => {
  const main = goroutine([daemon('restore'), `${docker}daemon.NewDaemon`, 'main.main']);
  test('of one in its start', () => {
    expect(eventStreamsOf(report([main]))).toMatchObject({ status: 'unknown' });
  });
  test('of a docker without containerd', () => {
    const old = goroutine(['main.(*DaemonCli).CmdDaemon', 'main.main']);
    expect(eventStreamsOf(report([old]))).toMatchObject({ status: 'unknown' });
    const libcontainerd = goroutine([`${docker}libcontainerd.(*queue).append.func1`], { id: 9 });
    expect(eventStreamsOf(report([old, libcontainerd]))).toMatchObject({ status: 'missing' });
  });
});
