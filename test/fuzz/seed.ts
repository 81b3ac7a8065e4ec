/** The seed of a run that names none. */
const usual = 20_261_121;

/** @throws RangeError when the text is not a 32-bit integer */
export function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return usual;
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(`FUZZ_SEED: "${text}" is not a 32-bit integer`);
  return seed;
}
