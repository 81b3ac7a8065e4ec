import v8 from 'node:v8';
import { ownCpuMs } from '../../collect/own-cpu.ts';

/**
 * V8 optimizes a function that was called some hundred times: right for a process that is always busy. One that works for some milliseconds
 * a second pays for it for hours, one function after the other: a sixth of the sampler's CPU time. So only what is called this often is
 * optimized: under a flood of log lines within seconds. Without any optimization such a flood takes twice the CPU time.
 *
 * Said at run time: as flags of the runtime these would make the code cache of the executable invalid, which was made without them.
 */
const onlyWhatIsHot = '--invocation-count-for-maglev=20000';
/** It gains little over Maglev here, and has megabytes of the runtime's file. */
const withoutTurboFan = '--no-turbofan';
/**
 * WebAssembly is compiled once, by Liftoff. TurboFan, which the flag above does not keep from it, takes 22 MiB for the largest function of the reader of
 * answers in undici, of which malloc(3) keeps nine. Both flags: without the second alone all would be compiled by TurboFan at once.
 */
const onlyLiftoff = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * Each function that is called once a second is called this often within a day, and half a megabyte of code was added in an hour. What is hot is
 * optimized by now; what is called more seldom is not worth it, until the process is busy.
 */
const warmUpMs = 180_000;
const checkEveryMs = 5000;
/** Percent of a core: the usual budget of the sampler. */
const busyPercent = 3;

/** Has little compiled in a process that does little, for months. Before it does much. */
export function keepCodeSmall({ everyMs = checkEveryMs, warmMs = warmUpMs, cpuMs = ownCpuMs } = {}): void {
  optimizeOnce();
  for (const flag of [onlyWhatIsHot, ...onlyLiftoff]) v8.setFlagsFromString(flag);
  const started = performance.now();
  let before = { at: started, cpuMs: cpuMs() };
  setInterval(() => {
    const now = { at: performance.now(), cpuMs: cpuMs() };
    const isBusy = (now.cpuMs - before.cpuMs) * 100 > (now.at - before.at) * busyPercent;
    v8.setFlagsFromString(isBusy || now.at - started < warmMs ? '--maglev' : '--no-maglev');
    before = now;
  }, everyMs).unref();
}

/** Leaves the larger of V8's optimizing compilers aside, for a screen: the smaller one soon optimizes what draws it each second. */
export function optimizeOnce(): void {
  v8.setFlagsFromString(withoutTurboFan);
}
