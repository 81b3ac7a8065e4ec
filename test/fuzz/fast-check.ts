import fc from '../../node_modules/fast-check/lib/fast-check.js';
import { seedOf } from './seed.ts';

// What a test gets as "fast-check" (by the alias in the configurations). Two runs of one tree are the same: a build fails because of
// its change, never because of a seed. `npm run fuzz` looks for new cases. A failure prints its seed: FUZZ_SEED=N repeats it.
fc.configureGlobal({ seed: seedOf(process.env['FUZZ_SEED']) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export { fc as default };
