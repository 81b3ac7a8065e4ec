/** The seed of a run that names none. */
const usual = 20_261_121;

/** As many runs as fast-check has where a property asks for none, and as a plain run always has. */
const [usualRuns, leastRuns] = [100, 50];

/** @throws RangeError when the text is not a 32-bit integer */
export function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return usual;
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(`FUZZ_SEED: "${text}" is not a 32-bit integer`);
  return seed;
}

/**
 * How often a property is tried: as often as it asks for where a seed is named; else a quarter of that, if that is enough.
 *
 * @param wanted what the property asks for
 * @param seed the seed that is named, as text
 */
export function runsOf(wanted = usualRuns, seed: string | undefined = undefined): number {
  const isPlain = seed === undefined || seed === '';
  return isPlain ? Math.min(wanted, Math.max(leastRuns, Math.ceil(wanted / 4))) : wanted;
}
