import { defineConfig } from 'vitest/config';

/** What a release consists of, as it is used: `npm run test:release`. They need root, Debian and what `prepare` installs. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/release/**/*.test.ts'],
    globalSetup: ['test/release/make.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8' },
  },
});
