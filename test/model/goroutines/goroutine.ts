import { DumpAnalysis, type DumpReport } from '../../../src/model/goroutines/analysis.ts';
import type { DumpEnd, GoFrame, Goroutine } from '../../../src/sample/goroutines.ts';

export const docker = 'github.com/docker/docker/';
export const moby = 'github.com/moby/moby/v2/';
export const containerd = 'github.com/containerd/containerd/';

/** A goroutine by its frames as Go prints them, arguments included or left out: `main.main()`, `main.main`. */
export function goroutine(lines: readonly string[], change: Partial<Goroutine> = {}): Goroutine {
  return {
    id: 1,
    count: 1,
    state: 'chan receive',
    waitMinutes: null,
    lockedToThread: false,
    frames: lines.map(frame),
    elided: false,
    createdBy: null,
    ...change,
  };
}

function frame(line: string, index: number): GoFrame {
  const [, func = line, args = null] = /^(.+?)\(((?:0x|\{|\.\.\.|_).*|)\)$/.exec(line) ?? [];
  return { func, file: `${func}.go`, line: 10 + index, args: args === '...' ? null : args };
}

const wholeDump: DumpEnd = { form: 'debug2', total: 0, partial: false, error: null };

/** What a dump of these says. */
export function report(goroutines: readonly Goroutine[], end: Partial<DumpEnd> = {}, maxStacks = 1000): DumpReport {
  const analysis = new DumpAnalysis({ maxStacks });
  for (const each of goroutines) analysis.add(each);
  return analysis.finish({ ...wholeDump, total: goroutines.reduce((sum, { count }) => sum + count, 0), ...end });
}

/** The ids of the patterns that fit a stack, in alphabetical order. */
export function idsOf(lines: readonly string[], change: Partial<Goroutine> = {}): string[] {
  return report([goroutine(lines, change)])
    .patterns.map(({ id }) => id)
    .sort();
}

/** Below every handler of dockerd. */
export const middleware = [
  `${docker}api/server/middleware.VersionMiddleware.WrapHandler.func1(0x1)`,
  `${docker}api/server.(*Server).makeHTTPHandler.func1(0x1)`,
  'net/http.HandlerFunc.ServeHTTP(0x1)',
  'github.com/gorilla/mux.(*Router).ServeHTTP(0x1)',
  'net/http.serverHandler.ServeHTTP({0x1})',
  'net/http.(*conn).serve(0xc0003980a0)',
];

/** A frame of dockerd's daemon. */
export const daemon = (method: string, root = docker): string => `${root}daemon.(*Daemon).${method}`;

/** A Mutex waited for, by the lock's address; the frames of Go up to 1.23 and of newer ones. */
export const oldLock = (address: string): string[] => [
  'sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)',
  `sync.(*Mutex).lockSlow(${address})`,
  'sync.(*Mutex).Lock(...)',
];
export const newLock = (address: string): string[] => [
  'internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)',
  `internal/sync.(*Mutex).lockSlow(${address})`,
  'internal/sync.(*Mutex).Lock(...)',
  'sync.(*Mutex).Lock(...)',
];
/** An RWMutex read-locked. */
export const readLock = ['sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)', 'sync.(*RWMutex).RLock(...)'];
