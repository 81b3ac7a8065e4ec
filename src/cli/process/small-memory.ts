import v8 from 'node:v8';
import vm from 'node:vm';
import { loadUnmap } from './start-pages.ts';

/**
 * The young generation stays as small as it begins: what a frame or an answer is made of is short-lived.
 *
 * While V8 marks the old generation, step by step between frames, it does not collect the young one, which then grows to 20 MiB, and it keeps those
 * pages for the next time. The two may overlap, as they did before they were kept apart.
 */
const always = ['--semi-space-growth-factor=1', '--no-separate-gc-phases'];

/**
 * V8 empties a page of its old generation only where most of it is free (v8/src/heap/mark-compact.cc, `ComputeEvacuationHeuristics`). On a node
 * where containers come and go, half of the pages' room was free after a collection, and stayed so. With `--optimize-for-size` it empties
 * them from 20 % on, and collects more often. Set at run time the flag means no more than that; as a flag of the runtime it also makes the
 * young generation smaller than a frame (docs/performance.md). It costs a third of the CPU of a screen: only once the heap is large.
 */
const onceLarge = '--optimize-for-size';
/** Of the pages of the heap: more than a calm node leads to. Our own threshold. */
const largeScreenBytes = 40 * 1024 * 1024;
const checkEveryMs = 5000;

/**
 * V8 collects its old generation for the first time when that has grown a lot, after minutes here. What loading the program left is a third
 * of the heap by then. After a collection it lets the heap grow by eight megabytes over what lives (v8/src/heap/memory-controller.cc). By this time
 * every source has answered twice, and the code of a calm node is compiled.
 */
const loadedMs = 20_000;

/**
 * Keeps the memory of a process that runs for hours near what it uses: it runs where memory is short. Before it allocates much.
 *
 * @param largeBytes pages of a heap from which less memory is worth more CPU time
 */
export function keepMemorySmall({
  largeBytes = largeScreenBytes,
  everyMs = checkEveryMs,
  afterMs = loadedMs,
} = {}): void {
  for (const flag of always) v8.setFlagsFromString(flag);
  const unmap = loadUnmap();
  const tidy = (): void => {
    collect();
    unmap?.();
  };
  setTimeout(tidy, afterMs).unref();
  const timer = setInterval(() => {
    if (v8.getHeapStatistics().total_physical_size < largeBytes) return;
    v8.setFlagsFromString(onceLarge);
    clearInterval(timer);
  }, everyMs).unref();
}

/** Only a new context has `gc` when the program was started without it. */
function collect(): void {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc()');
  v8.setFlagsFromString('--no-expose-gc');
}
