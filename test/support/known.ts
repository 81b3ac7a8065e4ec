import type { Known } from '../../src/export/known.ts';
import { followed, type Scene } from './scenes.ts';

/** What an exporter knows after the last sample of a scene, all of whose parts respond. */
export function knownOf(scene: Scene, change: Partial<Known> = {}): Known {
  return {
    version: '1.2.3',
    ...followed(scene),
    sampler: { isUp: true, restarts: 0, cpuSeconds: 4.5 },
    exporter: { cpuSeconds: 1.25, rssBytes: 50 * 1024 ** 2 },
    recorder: null,
    disabled: [],
    labels: [],
    ...change,
  };
}
