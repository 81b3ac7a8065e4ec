import { normalizeFunction } from './function-name.ts';

/** A place in a program; what a stack is made of once arguments are forgotten. */
export interface StackFrame {
  readonly func: string;
  readonly file: string | null;
  readonly line: number | null;
}

/**
 * What a person reads: the last element of the import path and the function, `daemon.(*Daemon).Kill`. Where the last
 * element is only a version, the one before it stays: `runtime/v2.(*shimTask).delete`.
 */
export function shortName(func: string): string {
  const normal = normalizeFunction(func);
  const pathEnd = normal.search(/\(|$/);
  const last = normal.lastIndexOf('/', pathEnd);
  const start = /^v\d+\./.test(normal.slice(last + 1)) ? normal.lastIndexOf('/', last - 1) : last;
  // The linker escapes dots in the last path element (gopkg.in/yaml%2ev2).
  return normal.slice(start + 1).replaceAll('%2e', '.');
}

/** `runtime` (scheduler, locks, polling) and `plumbing` (what every request passes) are shown dimmed. */
type FrameKind = 'runtime' | 'plumbing' | 'program';

/** What a function belongs to, by its full name as Go writes it. */
export function kindOf(func: string): FrameKind {
  if (runtime.test(func)) return 'runtime';
  if (syscalls.test(func)) return 'program';
  if (isStandardLibrary(func) || libraries.test(func) || layers.test(func)) return 'plumbing';
  return 'program';
}

const runtime =
  /^(?:runtime[./]|internal\/|sync[./]|reflect\.|os\/signal\.|syscall\.(?:Raw)?Syscall|golang\.org\/x\/sys\/unix\.(?:Raw)?Syscall)/;

/** They name the system call, which is what a stuck goroutine is about. */
const syscalls = /^(?:syscall\.|(?:\S*\/)?golang\.org\/x\/sys\/unix\.)/;

/** Libraries that carry calls: gRPC, ttrpc, HTTP routing, command lines, tracing. */
const libraries =
  /(?:^|\/)(?:google\.golang\.org\/grpc|golang\.org\/x\/net|go\.opencensus\.io|go\.opentelemetry\.io|github\.com\/(?:containerd\/ttrpc|gorilla\/mux|grpc-ecosystem|spf13\/cobra|urfave\/cli))[./]/;

/** Layers of the daemons that every request passes through. */
const layers =
  /(?:^|\/)(?:server\/middleware\.|authorization\.\(\*Middleware\)|server\.\(\*routerSwapper\)|server\.\(\*Server\)\.makeHTTPHandler|server\.\(\*instrumentedService\))|_Handler(?:\.func[\d.]+)?$/;

/** No domain in the import path, and not the program's own `main`. */
function isStandardLibrary(func: string): boolean {
  const first = /^[^/(]*\//.exec(func)?.[0] ?? func.slice(0, func.indexOf('.'));
  return !first.includes('.') && first !== 'main';
}

/**
 * What a stack is called: its first frame that is the program's own. Where there is none, the outermost one, which says what
 * the goroutine is for (`ttrpc.(*Client).run.func2`), not that it waits.
 */
export function stackName(frames: readonly StackFrame[]): string {
  const frame =
    frames.find(({ func }) => kindOf(func) === 'program') ??
    frames.findLast(({ func }) => kindOf(func) === 'plumbing') ??
    frames[0];
  return frame === undefined ? '' : shortName(frame.func);
}
