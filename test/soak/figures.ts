import fs from 'node:fs';
import { pssBytesOf, statOf } from '../bench/proc.ts';
import { descendantsOf } from '../engine/proc.ts';
import { samplersOf } from '../reliability/samplers.ts';

/** One process at one moment; null where it is not known. */
export interface Figures {
  readonly pssBytes: number;
  /** What malloc(3) holds in the heap of the process, free or not. */
  readonly mallocBytes: number;
  /** What V8's heap holds, free or not; null where it is not known. */
  readonly pagesBytes: number | null;
  /** The least heap of the last minute. */
  readonly heapBytes: number | null;
  /** Buffers outside of the heap: of the screen, mostly the packed past. */
  readonly bufferBytes: number | null;
  readonly fds: number;
  readonly threads: number;
  readonly timers: number | null;
  /** CPU time since it started. */
  readonly cpuSeconds: number;
  readonly pid: number;
}

/** Both processes of rtwatch at one moment. */
export interface Look {
  readonly seconds: number;
  readonly screen: Figures;
  /** Null while one is started. */
  readonly sampler: Figures | null;
  /** All processes that the screen started, and those that they started. */
  readonly children: number;
  /** From a key to its page. */
  readonly keyMs: number;
}

/** Of two times that are in nobody's way: it is read from `/proc`, without a child. @throws when the screen has ended */
export function look(screenPid: number, probeFolder: string, seconds: number, keyMs: number): Look {
  const sampler = samplersOf(screenPid)[0];
  return {
    seconds,
    screen: figuresOf(screenPid, probeFolder),
    sampler: sampler === undefined ? null : tryFiguresOf(sampler.pid, probeFolder),
    children: descendantsOf(screenPid).length,
    keyMs,
  };
}

function tryFiguresOf(pid: number, probeFolder: string): Figures | null {
  try {
    return figuresOf(pid, probeFolder);
  } catch {
    // It has just ended.
    return null;
  }
}

function figuresOf(pid: number, probeFolder: string): Figures {
  const own = ownFigures(`${probeFolder}/${pid}`);
  return {
    pid,
    pssBytes: pssBytesOf(pid),
    mallocBytes: mallocBytesOf(pid),
    pagesBytes: own?.pagesBytes ?? null,
    fds: fs.readdirSync(`/proc/${pid}/fd`).length,
    threads: fs.readdirSync(`/proc/${pid}/task`).length,
    cpuSeconds: statOf(pid)?.cpuSeconds ?? 0,
    heapBytes: own?.heapBytes ?? null,
    bufferBytes: own?.bufferBytes ?? null,
    timers: own?.timers ?? null,
  };
}

/** 0 where malloc has no heap yet (proc_pid_smaps(5)). */
function mallocBytesOf(pid: number): number {
  const mapping = /\[heap\]\n(?:.*\n)*?Pss: +(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/smaps`, 'utf8'));
  return Number(mapping?.[1] ?? 0) * 1024;
}

interface Own {
  readonly heapBytes: number;
  readonly bufferBytes: number;
  readonly pagesBytes: number;
  readonly timers: number;
}

/** What `probe.cjs` wrote; null while it has not. */
function ownFigures(file: string): Own | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
