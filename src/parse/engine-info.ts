/**
 * The goroutine count in the engine's `GET /info` (NGoroutines), which every version fills in, also without debug pages.
 *
 * @throws when the text is not JSON or has no such number
 */
export function parseInfoGoroutines(json: string): number {
  const { NGoroutines } = JSON.parse(json) as { NGoroutines?: unknown };
  if (typeof NGoroutines !== 'number') throw new Error('no NGoroutines in the answer to GET /info');
  return NGoroutines;
}
