import { defineConfig } from 'vitest/config';
import { takingTheirTime } from './reliability/vitest.config.ts';

/** The tests that need no engine and little time; the others have configurations of their own in `engine/` and `reliability/`. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.{ts,tsx}'],
    // Longer than what a test itself waits, so that the test says what it waited for.
    testTimeout: 20_000,
    exclude: ['test/engine/**', ...takingTheirTime],
    // Colours and glyphs are chosen by the options under test, never by the machine's terminal.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8' },
  },
});
