import { describe, expect, test } from 'vitest';
import { daemon, docker, goroutine, idsOf, middleware, moby, oldLock, readLock, report } from './goroutine.ts';

const router = (method: string, root = docker): string =>
  `${root}api/server/router/container.(*containerRouter).${method}`;

describe('a wait for an exit', () => {
  test.each([
    ['docker stop', [daemon('Kill'), daemon('containerStop'), daemon('ContainerStop'), router('postContainersStop')]],
    ['docker stop of moby 29', [daemon('kill', moby), daemon('containerStop', moby), daemon('ContainerStop', moby)]],
    ['docker kill', [daemon('Kill'), daemon('ContainerKill'), router('postContainersKill')]],
    ['docker rm -f', [daemon('Kill'), daemon('cleanupContainer'), daemon('ContainerRm'), router('deleteContainers')]],
    ['docker restart', [daemon('Kill'), daemon('containerStop'), daemon('containerRestart')]],
    ['a stop whose kill failed', [daemon('containerStop'), daemon('ContainerStop'), router('postContainersStop-fm')]],
    ['docker stop of 17.03', [`${docker}container.(*State).WaitStop`, daemon('Kill'), daemon('containerStop')]],
  ])('is seen in %s', (_, stack) => {
    expect(idsOf(stack)).toEqual(['stop-waits-for-exit']);
    expect(idsOf(stack, { state: null })).toEqual(['stop-waits-for-exit']);
  });

  test('is seen with the frames of the runtime too', () => {
    expect(idsOf(['runtime.gopark', 'runtime.chanrecv1', daemon('Kill'), daemon('containerStop')])).toEqual([
      'stop-waits-for-exit',
    ]);
  });

  test.each([
    [
      'a Kill that still sends the signal',
      [`${docker}daemon.(*Daemon).killPossiblyDeadProcess`, daemon('Kill'), daemon('containerStop')],
    ],
    ['a Kill of nobody', [daemon('Kill')]],
    ['the calls the other way round', [daemon('containerStop'), daemon('Kill')]],
    ['a Kill of something else', ['example.org/other.(*Daemon).Kill', daemon('containerStop')]],
    ['frames between', [daemon('Kill'), 'example.org/a.b', daemon('containerStop')]],
  ])('is not seen in %s', (_, stack) => {
    expect(idsOf(stack)).toEqual([]);
  });

  test('is not seen in one that runs', () => {
    expect(idsOf([daemon('Kill'), daemon('containerStop')], { state: 'runnable' })).toEqual([]);
  });

  test('is distinguished from the request that carries it, which is counted as well', () => {
    const { groups, patterns } = report([goroutine([daemon('Kill'), daemon('containerStop'), ...middleware])]);
    expect(groups[0]?.pattern).toBe('stop-waits-for-exit');
    expect(patterns.map(({ id }) => id)).toEqual(['http-handler', 'stop-waits-for-exit']);
  });
});

describe('its companion', () => {
  const companion = [`${docker}container.(*State).Wait.func1()`];

  test('is the goroutine that State.Wait starts', () => {
    expect(idsOf(companion, { state: 'select', createdBy: `${docker}container.(*State).Wait` })).toEqual([
      'state-wait',
    ]);
    expect(idsOf([`${moby}daemon/container.(*State).Wait.func1()`], { state: 'select' })).toEqual(['state-wait']);
    expect(idsOf(companion, { state: null })).toEqual(['state-wait']);
  });

  test('is not what others start', () => {
    expect(idsOf(companion, { state: 'select', createdBy: `${docker}container.(*State).Start` })).toEqual([]);
    expect(idsOf([`${docker}container.(*State).Wait()`], { state: 'select' })).toEqual([]);
  });

  test('may be the one of docker wait, which is harmless', () => {
    const { patterns } = report([goroutine([router('postContainersWait')])]);
    expect(patterns).toMatchObject([{ id: 'wait-request', harmless: true }]);
    expect(idsOf([`${docker}json.Decode`, router('postContainersWait')])).toEqual([]);
  });
});

describe('the lock of a container', () => {
  test.each(['ContainerInspectCurrent', 'killWithSignal', 'containerStart', 'getInspectData', 'handleContainerExit'])(
    'is waited for in %s',
    (method) => {
      expect(idsOf([...oldLock('0xc000000100'), daemon(method)])).toContain('container-lock-waiter');
    },
  );

  test('is waited for in IsRunning', () => {
    expect(idsOf([...oldLock('0xc000000100'), `${docker}container.(*State).IsRunning`])).toEqual([
      'container-lock-waiter',
    ]);
  });

  test('is another one where something stands between', () => {
    expect(
      idsOf([...oldLock('0xc000000100'), 'example.org/x.(*Store).Get', daemon('ContainerInspectCurrent')]),
    ).toEqual([]);
    expect(idsOf(['sync.runtime_Semacquire', 'sync.(*WaitGroup).Wait', daemon('ContainerInspectCurrent')])).toEqual([]);
    expect(idsOf(['sync.(*Mutex).Unlock', daemon('ContainerInspectCurrent')])).toEqual([]);
  });

  const grpc = ['google.golang.org/grpc/internal/transport.(*Stream).waitOnHeader', 'google.golang.org/grpc.invoke'];
  const task = (method: string): string[] => [
    ...grpc,
    `github.com/containerd/containerd/api/services/tasks/v1.(*tasksClient).${method}`,
    `github.com/containerd/containerd.(*task).${method}`,
  ];

  test.each([
    [
      'a kill that containerd does not answer',
      [
        ...task('Kill'),
        `${docker}libcontainerd/remote.(*client).SignalProcess`,
        daemon('kill'),
        daemon('killWithSignal'),
        daemon('Kill'),
      ],
    ],
    [
      'the same in moby 29',
      [...grpc, `${moby}daemon/internal/libcontainerd/remote.(*task).Kill`, daemon('killWithSignal', moby)],
    ],
    ['a start', [...task('Create'), `${docker}libcontainerd/remote.(*client).Start`, daemon('containerStart')]],
  ])('is held by %s', (_, stack) => {
    expect(idsOf(stack)).toEqual(['container-lock-holder']);
  });

  test.each([
    ['task.Delete', [...task('Delete'), daemon('ProcessEvent')]],
    ['umount', ['golang.org/x/sys/unix.Unmount', daemon('Cleanup'), daemon('handleContainerExit')]],
  ])('is held by an exit that waits for %s', (_, stack) => {
    expect(idsOf(stack)).toEqual(['container-lock-holder', 'task-exit']);
  });

  test('is held by an exit that waits for its output, which has a name of its own', () => {
    const stack = ['sync.(*WaitGroup).Wait', `${docker}container/stream.(*Config).Wait`, daemon('ProcessEvent')];
    expect(idsOf(stack)).toEqual(['container-lock-holder', 'stream-drain', 'task-exit']);
  });

  test('is not held by who waits for it, nor by a kill of another caller', () => {
    expect(idsOf([...oldLock('0xc000000100'), daemon('killWithSignal')])).toEqual(['container-lock-waiter']);
    expect(idsOf([...task('Kill'), 'main.main'])).toEqual(['containerd-call']);
  });

  test('is for one container when one killWithSignal holds it', () => {
    const { patterns } = report([
      goroutine([...task('Kill'), `${daemon('killWithSignal')}(0xc0001, 0xc000055b00, 0x9)`]),
    ]);
    expect(patterns).toMatchObject([{ id: 'container-lock-holder', subjects: 1 }]);
  });
});

describe('requests', () => {
  const polled = ['internal/poll.runtime_pollWait', 'net.(*conn).Read'];

  test('are handlers', () => {
    expect(idsOf(['time.Sleep', ...middleware])).toEqual(['http-handler']);
  });

  test('are handlers where the server’s frames are cut off', () => {
    expect(idsOf(['time.Sleep', ...middleware.slice(0, 2)])).toEqual(['http-handler']);
  });

  test('have a reader while their client is there', () => {
    expect(idsOf([...polled, 'net/http.(*connReader).backgroundRead'])).toEqual(['http-connection-reader']);
  });

  test('are over where the connection waits for the next', () => {
    const idle = [...polled, 'net/http.(*connReader).Read', 'net/http.(*conn).readRequest', 'net/http.(*conn).serve'];
    expect(idsOf(idle)).toEqual(['http-idle-connection']);
  });

  test('that made the dump are reported as such', () => {
    const { groups } = report([
      goroutine(['runtime/pprof.writeGoroutine', 'runtime/pprof.(*Profile).WriteTo', ...middleware]),
    ]);
    expect(groups[0]?.pattern).toBe('profile-request');
  });
});

describe('what dockerd does all day', () => {
  test.each([
    [
      'log-follower',
      [
        'sync.runtime_notifyListWait',
        'sync.(*Cond).Wait',
        `${docker}pkg/ioutils.(*BytesPipe).Read`,
        `${docker}daemon/logger.(*Copier).copySrc`,
      ],
    ],
    [
      'log-follower',
      [
        'internal/poll.runtime_pollWait',
        'github.com/containerd/fifo.(*fifo).Read',
        'io.copyBuffer',
        `${docker}pkg/pools.Copy`,
        `${docker}container/stream.(*Config).CopyToPipe.func1.1`,
      ],
    ],
    ['exec-or-attach-copy', ['io.copyBuffer', `${docker}container/stream.(*Config).CopyStreams.func2`]],
    ['exec-or-attach-copy', [daemon('ContainerExecStart')]],
    ['log-reader', ['net/http.x', `${docker}daemon.(*Daemon).ContainerLogs.func1`]],
    ['log-follow', ['github.com/fsnotify/fsnotify.x', `${docker}daemon/logger/loggerutils.followLogs`]],
    [
      'log-follow',
      [
        `${docker}daemon/logger/journald._Cfunc_sd_journal_wait`,
        `${docker}daemon/logger/journald.(*journald).followJournal`,
      ],
    ],
    ['attach-watch', ['golang.org/x/sys/unix.EpollWait', `${docker}api/server/router/container.notifyClosed`]],
    ['event-stream', [`${docker}libcontainerd/remote.(*client).processEventStream`]],
    ['event-stream', [`${moby}daemon/internal/libcontainerd/remote.(*client).processEventStream`]],
    ['event-stream', [`${docker}libcontainerd.(*client).processEventStream`]],
    ['event-stream', [`${docker}libcontainerd.(*remote).handleEventStream`]],
  ])('is known: %s', (id, stack) => {
    expect(idsOf(stack, { state: 'select' })).toEqual([id]);
  });

  test.each([
    [['github.com/containerd/fifo.(*fifo).Read', 'main.main']],
    [[`${docker}pkg/ioutils.(*BytesPipe).Read`, 'main.main']],
    [[`${docker}container/stream.(*Config).CopyToPipe.func1`, 'github.com/containerd/fifo.(*fifo).Read']],
    [[...readLock, 'main.main']],
  ])('is not what looks like it: %j', (stack) => {
    expect(idsOf(stack)).toEqual([]);
  });

  test('is not the removal of a layer that is busy', () => {
    const removal = [
      'time.Sleep(0x5f5e100)',
      `${docker}pkg/system.EnsureRemoveAll({0xc000b1ec00, 0x59})`,
      `${docker}daemon/graphdriver/overlay2.(*Driver).Remove(0xc0001)`,
      `${docker}layer.(*layerStore).ReleaseRWLayer(0xc0001)`,
      `${daemon('cleanupContainer')}(0xc000792100, 0xc000b52c80, 0x1)`,
    ];
    expect(report([goroutine(removal, { state: 'sleep' })]).patterns).toMatchObject([
      { id: 'layer-removal', subjects: 1 },
    ]);
  });
});
