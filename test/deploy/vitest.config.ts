import { defineConfig } from 'vitest/config';

/** What is in `deploy/`, with a real Prometheus and Alertmanager: `npm run test:fleet`. They need what `prepare` installs. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/deploy/**/*.test.ts'],
    globalSetup: ['test/engine/preconditions.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8' },
  },
});
