import type { GoHeap } from '../../sample/daemons.ts';
import { parseJson } from '../json.ts';

/**
 * The heap figures in `memstats` of `/debug/vars` (expvar, Go runtime.MemStats).
 *
 * @throws when the text is not JSON or has no memstats
 */
export function parseDebugVars(json: string): GoHeap {
  const vars = parseJson(json, 'the answer') as { memstats?: Record<string, unknown> };
  const figure = (name: string): number => {
    const value = vars?.memstats?.[name];
    // 1e400 is JSON, and no number of bytes.
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`no memstats.${name} in /debug/vars`);
    return value;
  };
  return {
    allocBytes: figure('HeapAlloc'),
    inuseBytes: figure('HeapInuse'),
  };
}
