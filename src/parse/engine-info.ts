/**
 * The goroutine count in the engine's `GET /info` (NGoroutines), which every version fills in, also without debug pages.
 *
 * @throws when the text is not JSON or has no such number
 */
export function parseInfoGoroutines(json: string): number {
  const info = JSON.parse(json) as { NGoroutines?: unknown } | null;
  if (typeof info?.NGoroutines !== 'number') throw new Error('no NGoroutines in the answer to GET /info');
  return info.NGoroutines;
}
