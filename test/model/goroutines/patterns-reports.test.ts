import { describe, expect, test } from 'vitest';
import { reportHeap } from '../../../src/model/goroutines/heap.ts';
import { containerd, daemon, docker, goroutine, idsOf, oldLock, report } from './goroutine.ts';

const fluent = `${docker}vendor/github.com/fluent/fluent-logger-golang/fluent.(*Fluent)`;
const libnetwork = `${docker}vendor/github.com/docker/libnetwork`;
const wait = ['sync.runtime_Semacquire(0xc005964560)', 'sync.(*WaitGroup).Wait(0xc005964558)'];

describe('what public reports show is known', () => {
  test.each([
    [
      'log-driver-close',
      [
        ...wait,
        `${fluent}.Close`,
        `${docker}daemon/logger/fluentd.(*fluentd).Close`,
        `${docker}container.(*Container).Reset`,
        daemon('ProcessEvent'),
      ],
    ],
    [
      'log-server-away',
      [`${fluent}.connectWithRetry(0xc0009737a0)`, `${fluent}.write.func2`, `${fluent}.write`, `${fluent}.run`],
    ],
    [
      'network-release',
      [
        'net.Dial',
        `${libnetwork}.(*network).getSvcRecords`,
        `${libnetwork}.(*endpoint).sbLeave`,
        daemon('releaseNetwork'),
        daemon('ProcessEvent'),
      ],
    ],
    [
      'container-config-sync',
      [
        'syscall.Fsync',
        'os.(*File).Sync',
        `${docker}pkg/ioutils.(*atomicFileWriter).Close`,
        `${docker}container.(*Container).toDisk`,
        `${docker}container.(*Container).CheckpointTo`,
      ],
    ],
    [
      'log-driver-drain',
      [
        ...oldLock('0xc421d57490'),
        `${docker}vendor/github.com/Graylog2/go-gelf/gelf.(*TCPWriter).Close`,
        `${docker}daemon/logger/gelf.(*gelfLogger).Close`,
        `${docker}container.(*Container).Reset`,
        daemon('ProcessEvent'),
      ],
    ],
    [
      'log-server-write',
      [
        'time.Sleep',
        `${docker}vendor/github.com/Graylog2/go-gelf/gelf.(*TCPWriter).writeToSocketWithReconnectAttempts`,
      ],
    ],
    ['health-check-stop', ['example.org/x.Wait', daemon('stopHealthchecks'), daemon('ProcessEvent')]],
    ['network-lock-waiter', [...oldLock('0xc00da48af8'), `${libnetwork}.(*controller).SandboxDestroy`]],
    ['health-probe', [`${docker}daemon.(*cmdProbe).run`, `${docker}daemon.monitor.func1`]],
    ['health-monitor', [`${docker}daemon.monitor(0xc00000c3c0)`]],
    [
      'exec-sync-drain',
      [
        `${containerd}internal/cri/server.(*criService).drainExecSyncIO`,
        `${containerd}internal/cri/server.(*criService).execInternal`,
      ],
    ],
    [
      'exec-sync-reader',
      ['github.com/containerd/fifo.(*fifo).Read', 'io.copyBuffer', `${containerd}pkg/cri/io.(*ExecIO).Attach.func1`],
    ],
    ['fifo-open', ['syscall.Syscall6', 'os.OpenFile', 'github.com/containerd/fifo.openFifo.func2']],
    // https://github.com/containerd/containerd/issues/1882
    [
      'start-fifo-wait',
      ['syscall.openat', 'os.OpenFile', 'github.com/opencontainers/runc/libcontainer.(*linuxContainer).exec'],
    ],
    [
      'exec-fifo-wait',
      [
        'github.com/containerd/fifo.OpenFifo',
        `${containerd}linux/proc.copyPipes`,
        `${containerd}linux/proc.(*execProcess).start(0xc4201683c0)`,
      ],
    ],
    // https://github.com/moby/moby/issues/38073
    [
      'stream-drain',
      [
        ...wait,
        `${docker}container.(*rio).Wait(0xc423757600)`,
        'github.com/containerd/containerd.(*task).Delete(0xc422264630)',
        daemon('ProcessEvent'),
      ],
    ],
    [
      'container-size',
      [
        'os.Lstat',
        'path/filepath.walk',
        `${docker}pkg/directory.Size`,
        daemon('getSize'),
        daemon('transformContainer'),
      ],
    ],
    ['layer-usage', ['os.Lstat', 'path/filepath.walk', 'github.com/containers/storage/pkg/directory.Usage']],
    [
      'swarm-manager-call',
      [
        'google.golang.org/grpc.invoke',
        'github.com/docker/swarmkit/api.(*controlClient).ListNodes(0xc0011de010)',
        `${docker}daemon/cluster.(*Cluster).GetNodes.func1`,
      ],
    ],
    [
      'build-request',
      [...wait, 'golang.org/x/sync/errgroup.(*Group).Wait', 'github.com/moby/buildkit/control.(*Controller).Status'],
    ],
    ['load-shims', ['example.org/x.Wait', `${containerd}v2/core/runtime/v2.(*ShimManager).loadShims`, 'main.main']],
    ['open-exec', [...wait, `${docker}container/stream.(*Config).CopyStreams.func4`]],
  ])('%s', (id, stack) => {
    expect(idsOf(stack)).toContain(id);
    expect(idsOf(stack, { state: null })).toContain(id);
  });

  test.each([
    ['a log driver that closes without a container', [`${fluent}.Close`, 'main.main']],
    ['a fifo that is open', ['github.com/containerd/fifo.(*fifo).Read', 'io.copyBuffer']],
    ['a health check between two probes', [`${docker}daemon.monitor(0x1)`]],
  ])('%s is no trouble', (_, stack) => {
    expect(report([goroutine(stack)]).patterns.filter(({ harmless }) => !harmless)).toEqual([]);
  });

  // https://github.com/moby/buildkit/issues/1915
  test.each([
    ['build-request', 'github.com/moby/buildkit/control.(*Controller).Solve', 239, 240],
    ['container-size', daemon('getSize'), 4, 5],
    ['swarm-manager-call', 'github.com/docker/swarmkit/api.(*controlClient).ListTasks', 0, 1],
  ])('%s is trouble only when it lasts', (id, func, brief, long) => {
    const harmless = (waitMinutes: number): unknown =>
      report([goroutine(['example.org/x.Wait', func], { waitMinutes })]).patterns.find((one) => one.id === id)
        ?.harmless;
    expect([harmless(brief), harmless(long)]).toEqual([true, false]);
  });

  test('the ExecSync of a kubelet is not called docker exec', () => {
    const drain = [
      `${containerd}pkg/cri/server.drainExecSyncIO`,
      `${containerd}pkg/cri/server.(*criService).execInternal`,
    ];
    expect(idsOf(drain, { state: 'select' })).toEqual(['exec-sync-drain']);
  });
});

describe('a heap that leaks is explained', () => {
  const heap = (func: string, inuseBytes: number) =>
    reportHeap([
      {
        frames: [{ func, file: null, line: null }],
        inuseBytes,
        inuseObjects: 1,
        allocBytes: inuseBytes,
        allocObjects: 1,
      },
      {
        frames: [{ func: 'runtime.malg', file: null, line: null }],
        inuseBytes: 64 << 20,
        inuseObjects: 1,
        allocBytes: 1,
        allocObjects: 1,
      },
    ]);

  test.each([
    ['otel-spans', 'go.opentelemetry.io/otel/sdk/trace.(*tracer).newSpan'],
    ['otel-meters', 'go.opentelemetry.io/otel/internal/global.(*meter).Int64Counter'],
    ['copy-buffers', `${docker}pkg/pools.newBufferPoolWithSize.func1`],
    ['log-decoders', `${docker}daemon/logger/local.(*decoder).Decode`],
  ])('%s', (id, func) => {
    expect(heap(func, 200 << 20).leaks).toMatchObject([{ id, bytes: 200 << 20 }]);
    expect(heap(func, 4 << 20).leaks).toEqual([]);
  });
});
