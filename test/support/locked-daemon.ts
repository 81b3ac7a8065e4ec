import { DumpAnalysis, type DumpReport } from '../../src/model/goroutines/analysis.ts';
import { Debug2Parser } from '../../src/parse/go/goroutines/debug2.ts';
import { WholeDumpParser } from '../../src/parse/go/goroutines/whole.ts';
import type { WholeDump } from '../../src/sample/stacks.ts';

const docker = 'github.com/docker/docker/';
const served = [
  [`${docker}api/server/router/container.(*containerRouter).postContainersCreate`, '0xc000aa0000'],
  ['net/http.serverHandler.ServeHTTP', '{0xc000f00000}'],
  ['net/http.(*conn).serve', '0xc0003980a0'],
] as const;

type Call = readonly [func: string, args: string, line?: number];
interface Kind {
  readonly count: number;
  readonly id: number;
  readonly state: string;
  readonly calls: readonly Call[];
}

/** A dockerd with so many creates behind the lock of its layer store, whose holder unmounts for 53 minutes. */
function kindsOf(waiters: number): readonly Kind[] {
  const waits: readonly Call[] = [
    ['sync.runtime_SemacquireMutex', '0x0?, 0x0?, 0x0?'],
    ['sync.(*Mutex).lockSlow', '0xc000b10020'],
    ['sync.(*Mutex).Lock', '...'],
    [`${docker}layer.(*layerStore).CreateRWLayer`, '0xc000b10000, {0xc000c0ffe0, 0x40}', 470],
    [`${docker}daemon.(*Daemon).create`, '0xc000bb0000', 120],
    ...served,
  ];
  const holds: readonly Call[] = [
    ['syscall.Syscall', '0xa6, 0xc000d00d00, 0x2, 0x0'],
    ['golang.org/x/sys/unix.Unmount', '{0xc000d00d00, 0x5f}, 0x2'],
    [`${docker}daemon/graphdriver/overlay2.(*Driver).Put`, '0xc000777000, {0xc000c0ffe0, 0x40}'],
    [`${docker}layer.(*layerStore).ReleaseRWLayer`, '0xc000b10000, {0x2d54ae0, 0xc000e460f0}', 650],
    [`${docker}daemon.(*Daemon).cleanupContainer`, '0xc000bb0000, 0xc000055b00', 140],
    ...served,
  ];
  const main: readonly Call[] = [
    ['main.(*DaemonCli).start', '0xc0001c2000'],
    ['main.main', ''],
  ];
  return [
    { count: 1, id: 1, state: 'chan receive, 4013 minutes', calls: main },
    { count: waiters, id: 5000, state: 'semacquire, 52 minutes', calls: waits },
    ...(waiters === 0 ? [] : [{ count: 1, id: 1908, state: 'syscall, 53 minutes', calls: holds }]),
    { count: 12, id: 300, state: 'IO wait', calls: [['internal/poll.runtime_pollWait', '0x7f2a, 0x72'], ...served] },
  ];
}

/** `goroutine?debug=1` of it. */
export function lockedFolded(waiters: number): string {
  const kinds = kindsOf(waiters).filter(({ count }) => count > 0);
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  const groups = kinds.map(({ count, calls }, at) => {
    const frames = calls.map(([func, , line = 10], n) => `#\t0x${at}${n}f\t${func}+0x1f\t${func}.go:${line}`);
    return `${count} @ 0x1 0x2\n${frames.join('\n')}\n`;
  });
  return `goroutine profile: total ${total}\n${groups.join('\n')}`;
}

/** `goroutine?debug=2` of it. */
export function lockedDump(waiters: number): string {
  const placed = (call: string, at: string): string => `${call}\n\t/go/src/${at} +0x1f\n`;
  const one = (id: number, { state, calls }: Kind): string => {
    const frames = calls.map(([func, args, line = 10]) => placed(`${func}(${args})`, `${func}.go:${line}`));
    const creator = id === 1 ? '' : placed('created by net/http.(*Server).Serve', 'net/http/server.go:3102');
    return `goroutine ${id} [${state}]:\n${frames.join('')}${creator}`;
  };
  return kindsOf(waiters)
    .flatMap((kind) => Array.from({ length: kind.count }, (_, n) => one(kind.id + n, kind)))
    .join('\n');
}

/** What the whole dump of it says. */
export function lockedReport(waiters: number): DumpReport {
  const analysis = new DumpAnalysis();
  const parser = new Debug2Parser((goroutine) => analysis.add(goroutine));
  parser.feed(lockedDump(waiters));
  return analysis.finish(parser.end());
}

/** As the sampler sends it. */
export function lockedWhole(waiters: number): WholeDump {
  const parser = new WholeDumpParser();
  parser.feed(lockedDump(waiters));
  return parser.end().dump;
}
