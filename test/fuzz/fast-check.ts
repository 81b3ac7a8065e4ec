import fc from '../../node_modules/fast-check/lib/fast-check.js';
import { runsOf, seedOf } from './seed.ts';

// What a test gets as "fast-check" (by the alias in the configurations). Two runs of one tree are the same: a build fails because of
// its change, never because of a seed. So more runs of one seed find nothing that the last build did not: a plain run takes the first
// part of those that a test asks for. `npm run fuzz` takes all of them, with new seeds. A failure prints its seed: FUZZ_SEED=N repeats it.
const seedText = process.env['FUZZ_SEED'];
fc.configureGlobal({ seed: seedOf(seedText) });

const assert = ((property: Parameters<typeof fc.assert>[0], parameters?: Parameters<typeof fc.assert>[1]) =>
  fc.assert(property, { ...parameters, numRuns: runsOf(parameters?.numRuns, seedText) })) as typeof fc.assert;

export * from '../../node_modules/fast-check/lib/fast-check.js';

const some = { ...fc, assert };

export { some as default };
