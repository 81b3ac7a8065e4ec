import { type Sample, wireVersion } from '../sample/sample.ts';
import type { World } from './world.ts';

/**
 * Announces the few files that are read before the sampler runs, if every file must be announced: they can hang too, and a
 * sampler that hangs before its first line leaves its parent without a name. The sampler takes over from here.
 */
export function announceStart(world: World, write: (sample: Sample) => void): void {
  world.onRiskyRead = (path) =>
    write({
      v: wireVersion,
      seq: 0,
      at: Date.now(),
      monoMs: Number(process.hrtime.bigint() / 1000n) / 1000,
      readings: {},
      begin: { source: 'host', path },
      sampler: { pid: process.pid, cpuMs: 0, rssBytes: process.memoryUsage.rss() },
    });
}
