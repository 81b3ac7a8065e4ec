import { defineConfig } from 'vitest/config';

/** The tests that need no engine; those that do have a configuration of their own in `engine/`. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.{ts,tsx}'],
    // Longer than what a test itself waits, so that the test says what it waited for.
    testTimeout: 20_000,
    exclude: ['test/engine/**'],
    // Colours and glyphs are chosen by the options under test, never by the machine's terminal.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8' },
  },
});
