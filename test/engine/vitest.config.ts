import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests against a real dockerd: `npm run test:engine`. They need root, Linux and what `prepare` installs. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/engine/**/*.test.ts'],
    globalSetup: ['test/engine/preconditions.ts'],
    // A process for each file, one after the other: two engines on two cores would measure each other.
    pool: 'forks',
    fileParallelism: false,
    // Longer than what a test itself waits for, so that it says what it waited for, and cleans up.
    testTimeout: 300_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
  },
});
