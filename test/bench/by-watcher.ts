/** What was measured of each program, by its name; one value per round or start. */
export type ByWatcher<T> = Record<string, readonly T[]>;

/** Adds a value to those of a program. */
export function addTo<T>(values: ByWatcher<T>, watcher: string, value: T): void {
  values[watcher] = [...(values[watcher] ?? []), value];
}

/**
 * The values of a program.
 *
 * @throws when there are none
 */
export function valuesOf<T>(values: ByWatcher<T>, watcher: string): readonly T[] {
  const found = values[watcher];
  if (found === undefined) throw new Error(`${watcher} was not measured`);
  return found;
}
