import { defineConfig } from 'vitest/config';
import { seededFastCheck } from './fuzz/config.ts';
import { takingTheirTime } from './reliability/vitest.config.ts';

/**
 * What leaves nothing behind in its process, by the laws of the house or after its tests: these files share workers, because one of
 * its own for each costs more than most of them.
 */
const shared = [
  ...['base', 'parse', 'model', 'rules', 'view', 'export', 'laws', 'corpus', 'incidents'],
  ...['collect', 'capture', 'wire', 'timeline', 'fleet', 'soak', 'flakes'],
  ...['app', 'cli', 'child', 'remote', 'bin', 'fuzz'],
].map((room) => `test/${room}/**/*.test.{ts,tsx}`);

/** The tests that need no engine and little time; the others have configurations of their own in `engine/` and `reliability/`. */
export default defineConfig({
  resolve: { alias: seededFastCheck },
  test: {
    root: `${import.meta.dirname}/..`,
    // Longer than what a test itself waits, so that the test says what it waited for.
    testTimeout: 120_000,
    // A tree of thousands of files is removed after its test, on a disk that others use.
    hookTimeout: 60_000,
    // A third of the time is waiting for processes and sockets.
    maxWorkers: 3,
    // Colours and glyphs are chosen by the options under test, never by the machine's terminal.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8' },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: shared,
          exclude: takingTheirTime,
          isolate: false,
          setupFiles: ['test/support/leave-nothing.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/engine/**', 'test/deploy/**', 'test/release/**', ...shared, ...takingTheirTime],
        },
      },
    ],
  },
});
