import v8 from 'node:v8';

/**
 * V8 optimizes a function that was called some hundred times: right for a process that is always busy. One that works for ten milliseconds a
 * second pays for it for hours, one function after the other: a sixth of the sampler's CPU time, and half a megabyte more of code in an hour. So only
 * what is called this often is optimized: under a flood of log lines within seconds. Without any optimization such a flood takes twice the
 * CPU time.
 *
 * Said at run time: as flags of the runtime these would make the code cache of the executable invalid, which was made without them.
 */
const onlyWhatIsHot = '--invocation-count-for-maglev=20000';
/** It gains little over Maglev here, and has megabytes of the runtime's file. */
const withoutTurboFan = '--no-turbofan';

/** Has little compiled in a process that does little, for months. Before it does much. */
export function keepCodeSmall(): void {
  optimizeOnce();
  v8.setFlagsFromString(onlyWhatIsHot);
}

/** Leaves the larger of V8's optimizing compilers aside, for a screen: the smaller one soon optimizes what draws it each second. */
export function optimizeOnce(): void {
  v8.setFlagsFromString(withoutTurboFan);
}
