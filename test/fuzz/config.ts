import path from 'node:path';

/** For every configuration of vitest: `import fc from 'fast-check'` gives the one with the seed of the run. */
export const seededFastCheck = [{ find: /^fast-check$/, replacement: path.join(import.meta.dirname, 'fast-check.ts') }];
