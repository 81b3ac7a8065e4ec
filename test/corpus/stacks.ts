import { absent, ok, type Reading } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { DaemonStacks, FoldedStack, StacksValue, WholeDump } from '../../src/sample/stacks.ts';

const docker = 'github.com/docker/docker';
const containerd = 'github.com/containerd/containerd';
const group = (count: number, ...funcs: readonly string[]): FoldedStack => ({ count, funcs });
const served = ['net/http.serverHandler.ServeHTTP', 'net/http.(*conn).serve'];
const locked = ['sync.runtime_SemacquireMutex', 'sync.(*Mutex).lockSlow', 'sync.(*Mutex).Lock'];

/** What a dockerd with so many containers does when all is well: 34 goroutines and five for each (measured, 20.10.24). */
export const dockerdStacks = (running: number): FoldedStack[] => [
  group(2, `${docker}/libcontainerd/remote.(*client).processEventStream`),
  group(1, 'main.(*DaemonCli).start', 'main.runDaemon', 'main.main', 'runtime.main'),
  group(31, 'runtime.gopark', 'net/http.(*conn).serve'),
  ...(running === 0
    ? []
    : [
        group(2 * running, 'github.com/containerd/fifo.(*fifo).Read'),
        group(
          2 * running,
          `${docker}/pkg/ioutils.(*BytesPipe).Read`,
          'bufio.(*Reader).Read',
          `${docker}/daemon/logger.(*Copier).copySrc`,
        ),
        group(running, `${containerd}.(*task).Wait.func1`),
      ]),
];

export const containerdStacks = (running: number): FoldedStack[] => [
  group(40, 'runtime.gopark', 'google.golang.org/grpc.(*Server).handleRawConn'),
  ...(running === 0 ? [] : [group(running, 'github.com/containerd/ttrpc.(*Client).run')]),
];

/** dockerd without containerd's events; one of two when only that of the plugins is left. */
export const lostStreams = (running: number, left: 0 | 1): FoldedStack[] => {
  const [streams, ...rest] = dockerdStacks(running) as [FoldedStack, ...FoldedStack[]];
  return left === 0 ? rest : [{ ...streams, count: left }, ...rest];
};

/** `docker stop` of 19.03 that waits for an exit which does not come: two goroutines a call. */
export const stopsThatWait = (count: number): FoldedStack[] => [
  group(
    count,
    `${docker}/daemon.(*Daemon).Kill`,
    `${docker}/daemon.(*Daemon).containerStop`,
    `${docker}/daemon.(*Daemon).ContainerStop`,
    `${docker}/api/server/router/container.(*containerRouter).postContainersStop`,
    ...served,
  ),
  group(count, `${docker}/container.(*State).Wait.func1`),
];

/** `docker stop` before its grace has passed: it waits in containerStop itself. */
export const gracefulStops = (count: number): FoldedStack[] => [
  group(
    count,
    `${docker}/daemon.(*Daemon).containerStop`,
    `${docker}/daemon.(*Daemon).ContainerStop`,
    `${docker}/api/server/router/container.(*containerRouter).postContainersStop`,
    ...served,
  ),
  group(count, `${docker}/container.(*State).Wait.func1`),
];

/** Requests that wait for a container's lock, and the kill that has it and waits for a shim. */
export const lockedContainer = (waiters: number): FoldedStack[] => [
  group(
    waiters,
    ...locked,
    `${docker}/daemon.(*Daemon).ContainerInspectCurrent`,
    `${docker}/daemon.(*Daemon).ContainerInspect`,
    `${docker}/api/server/router/container.(*containerRouter).getContainersByName`,
    ...served,
  ),
  group(
    1,
    'google.golang.org/grpc/internal/transport.(*Stream).waitOnHeader',
    `${containerd}/api/services/tasks/v1.(*tasksClient).Kill`,
    `${containerd}.(*task).Kill`,
    `${docker}/libcontainerd/remote.(*client).SignalProcess`,
    `${docker}/daemon.(*Daemon).killWithSignal`,
    `${docker}/daemon.(*Daemon).Kill`,
  ),
];

const update = [
  'go.etcd.io/bbolt.(*DB).Update',
  `${containerd}/metadata.(*DB).Update`,
  `${containerd}/metadata.update`,
];

/** An image layer is written to the disk with the database locked, and changes of metadata wait for that. */
export const lockedDatabase = (waiters: number): FoldedStack[] => [
  group(
    1,
    'syscall.Syscall',
    'syscall.Fsync',
    'internal/poll.(*FD).Fsync',
    'os.(*File).Sync',
    `${containerd}/content/local.(*writer).Commit`,
    `${containerd}/metadata.(*namespacedWriter).commit`,
    `${containerd}/metadata.(*namespacedWriter).Commit.func1`,
    ...update,
    `${containerd}/metadata.(*namespacedWriter).Commit`,
  ),
  group(
    waiters,
    ...locked,
    'go.etcd.io/bbolt.(*DB).beginRWTx',
    'go.etcd.io/bbolt.(*DB).Begin',
    ...update,
    `${containerd}/metadata.(*leaseManager).Create`,
    `${containerd}/services/leases.(*service).Create`,
  ),
];

/** A short write of metadata: somebody always holds the lock. */
export const writtenDatabase: readonly FoldedStack[] = [
  group(
    1,
    'syscall.Syscall',
    'syscall.Fdatasync',
    'go.etcd.io/bbolt.fdatasync',
    'go.etcd.io/bbolt.(*DB).fdatasync',
    'go.etcd.io/bbolt.(*Tx).Commit',
    ...update,
  ),
];

/** Creates that wait for the layer store, and the one that has it and unmounts. */
export const lockedLayers = (waiters: number): FoldedStack[] => [
  group(
    waiters,
    ...locked,
    `${docker}/layer.(*layerStore).CreateRWLayer`,
    `${docker}/daemon.(*Daemon).create`,
    ...served,
  ),
  group(
    1,
    'syscall.Syscall',
    'golang.org/x/sys/unix.Unmount',
    `${docker}/daemon/graphdriver/overlay2.(*Driver).Put`,
    `${docker}/layer.(*layerStore).CreateRWLayer`,
    `${docker}/daemon.(*Daemon).create`,
    ...served,
  ),
];

/** Health checks whose exec containerd does not start. */
export const waitingProbes = (count: number): FoldedStack[] => [
  group(count, `${docker}/daemon.(*cmdProbe).run`, `${docker}/daemon.monitor.func1`),
  group(count, `${docker}/daemon.monitor`),
];

/** Clients that follow logs: agents, and docker logs -f that was left open. */
export const logFollowers = (count: number): FoldedStack[] => [
  group(
    count,
    `${docker}/daemon/logger/loggerutils.followLogs`,
    `${docker}/daemon/logger/loggerutils.(*LogFile).ReadLogs`,
  ),
  group(count, `${docker}/daemon/logger/loggerutils.followLogs.func2`),
];

/** A kind that nobody knows. */
export const unknownLeak = (count: number): FoldedStack[] => [
  group(count, 'example.org/plugin.(*Session).wait', 'example.org/plugin.(*Session).Serve'),
];

/** containerd waits for shims that are to delete their tasks. */
export const taskDeletes = (count: number): FoldedStack[] => [
  group(
    count,
    'github.com/containerd/ttrpc.(*Client).dispatch',
    'github.com/containerd/ttrpc.defaultClientInterceptor',
    'github.com/containerd/ttrpc.(*Client).Call',
    `${containerd}/runtime/v2/task.(*taskClient).Delete`,
    `${containerd}/runtime/v2.(*shimTask).delete`,
    `${containerd}/runtime/v2.(*TaskManager).Delete`,
    `${containerd}/services/tasks.(*local).Delete`,
    `${containerd}.(*task).Delete`,
    `${containerd}/pkg/cri/server.handleContainerExit`,
  ),
];

const periodSeconds = 30;

/** The daemons' stacks at a second: a new look every half minute, as the collector takes them. */
export function stacksAt(
  second: number,
  groups: Readonly<Record<string, readonly FoldedStack[]>>,
): Reading<StacksValue> {
  const look = Math.floor(second / periodSeconds) + 1;
  const isNew = second % periodSeconds === 0;
  return ok(
    {
      daemons: Object.entries(groups).map(([daemon, list]): DaemonStacks => {
        const total = list.reduce((sum, { count }) => sum + count, 0);
        return { daemon, look, stacks: isNew ? ok({ total, groups: list, rest: 0 }, 3) : null };
      }),
    },
    1,
  );
}

/** With the whole dump that a sampler reads for a pile-up of dockerd. */
export const explained = (readings: Readings, dump: WholeDump): Readings => ({
  ...readings,
  stacks:
    readings.stacks?.status === 'ok'
      ? ok(
          {
            daemons: readings.stacks.value.daemons.map((one) =>
              one.daemon === 'dockerd' ? { ...one, whole: ok(dump, 12) } : one,
            ),
          },
          1,
        )
      : (readings.stacks ?? absent('no daemon')),
});
