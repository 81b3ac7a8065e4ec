import { DumpAnalysis, type DumpReport } from '../../src/model/goroutines/analysis.ts';
import { reportHeap } from '../../src/model/goroutines/heap.ts';
import type { Goroutine } from '../../src/sample/goroutines.ts';
import type { NamedHeapReport } from '../../src/view/report/heap.ts';

const frame = (func: string, place: string, args: string | null = null) => {
  const [file = '', line = '0'] = place.split(':');
  return { func, file: `/go/src/${file}`, line: Number(line), args };
};

const goroutine = (change: Partial<Goroutine>): Goroutine => ({
  id: null,
  count: 1,
  state: 'select',
  waitMinutes: null,
  lockedToThread: false,
  frames: [],
  elided: false,
  createdBy: null,
  ...change,
});

const daemon = 'github.com/docker/docker/daemon.(*Daemon)';
const router = 'github.com/docker/docker/api/server/router/container.(*containerRouter)';

/** A dockerd of which so many stop requests wait for two containers. */
export function stopLeakDump(stops: number): DumpReport {
  const analysis = new DumpAnalysis();
  for (let n = 0; n < stops; n++) {
    analysis.add(
      goroutine({
        state: 'chan receive',
        waitMinutes: n % 30,
        frames: [
          frame(`${daemon}.Kill`, 'kill.go:161', `0xc000bb0000, 0xc0000${n % 2 === 0 ? '55b00' : 'e0490'}`),
          frame(`${daemon}.containerStop`, 'stop.go:80', '0xc000bb0000, 0xc000055b00, 0x2'),
          frame(`${daemon}.ContainerStop`, 'stop.go:33'),
          frame(`${router}.postContainersStop`, 'container_routes.go:225'),
          frame('net/http.(*conn).serve', 'server.go:1925'),
        ],
        createdBy: 'net/http.(*Server).Serve',
      }),
    );
    analysis.add(
      goroutine({
        frames: [frame('github.com/docker/docker/container.(*State).Wait.func1', 'state.go:213')],
        createdBy: 'github.com/docker/docker/container.(*State).Wait',
      }),
    );
  }
  for (let n = 0; n < 2; n++) {
    analysis.add(
      goroutine({
        frames: [frame('github.com/docker/docker/libcontainerd/remote.(*client).processEventStream', 'client.go:801')],
        createdBy: 'github.com/docker/docker/libcontainerd/remote.NewClient',
      }),
    );
  }
  analysis.add(goroutine({ state: 'IO wait', frames: [frame('internal/poll.runtime_pollWait', 'netpoll.go:184')] }));
  return analysis.finish({ form: 'debug2', total: stops * 2 + 3, partial: false, error: null });
}

/** A heap full of the buffers of HTTP connections. */
export function httpHeap(connections: number): NamedHeapReport {
  const sample = (func: string, bytes: number) => ({
    frames: [
      { func, file: 'bufio.go', line: 57 },
      { func: 'net/http.(*conn).serve', file: 'server.go', line: 1925 },
    ],
    inuseObjects: connections,
    inuseBytes: bytes,
    allocObjects: connections * 2,
    allocBytes: bytes * 2,
  });
  const report = reportHeap([
    sample('bufio.NewReaderSize', connections * 4096),
    sample('bufio.NewWriterSize', connections * 4096),
    sample('runtime.malg', 1024 * 1024),
  ]);
  return { name: 'dockerd', report, growth: null, partial: false, error: null, rateBytes: 524_288 };
}
