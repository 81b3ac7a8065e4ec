import fc from '../../node_modules/fast-check/lib/fast-check.js';
import { runsOf, seedOf } from './seed.ts';

// What a test gets as "fast-check" (by the alias in the configurations). Two runs of one tree are the same: a build fails because of
// its change, never because of a seed. So more runs of one seed find nothing that the last build did not: a plain run takes the first
// part of those that a test asks for. `npm run fuzz` takes all of them, with new seeds. A failure prints its seed: FUZZ_SEED=N repeats it.
const seedText = process.env['FUZZ_SEED'];
fc.configureGlobal({ seed: seedOf(seedText) });

const assert = ((property: Parameters<typeof fc.assert>[0], parameters?: Parameters<typeof fc.assert>[1]) =>
  fc.assert(property, { ...parameters, numRuns: runsOf(parameters?.numRuns, seedText) })) as typeof fc.assert;

/**
 * What `unit: 'binary'` draws, the same of the same seed. That of fast-check looks a few words up in a map of all 1.1 million characters:
 * it costs each worker a second and 190 MiB, which the garbage collector walks through from then on.
 */
const anyCodePoint = fc
  .nat(0x10ffff - 0x800)
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800), indexOf);

const string: typeof fc.string = (constraints) =>
  fc.string(constraints?.unit === 'binary' ? { ...constraints, unit: anyCodePoint } : constraints);

/** @throws when it is not one whole character */
function indexOf(text: unknown): number {
  const code = typeof text === 'string' && text.isWellFormed() ? (text.codePointAt(0) ?? 0) : 0xd800;
  if (code === 0xd800 || String.fromCodePoint(code) !== text) throw new Error('not one character');
  return code < 0xd800 ? code : code - 0x800;
}

export * from '../../node_modules/fast-check/lib/fast-check.js';

const some = { ...fc, assert, string };

export { some as default };
