import { defineConfig } from 'vitest/config';
import { seededFastCheck } from './fuzz/config.ts';
import { takingTheirTime } from './reliability/vitest.config.ts';

/** The tests that need no engine and little time; the others have configurations of their own in `engine/` and `reliability/`. */
export default defineConfig({
  resolve: { alias: seededFastCheck },
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/engine/**', 'test/deploy/**', 'test/release/**', ...takingTheirTime],
    // They leave nothing behind in their process, by the laws of the house or after each file: a process for each costs more than most.
    isolate: false,
    setupFiles: ['test/support/leave-nothing.ts'],
    // Longer than what a test itself waits, so that the test says what it waited for.
    testTimeout: 120_000,
    // A tree of thousands of files is removed after its test, on a disk that others use.
    hookTimeout: 60_000,
    // A third of the time is waiting for processes and sockets.
    maxWorkers: 3,
    // V8's helper threads share memory with a test that waits for them: each page they change costs a message between processors, which on a
    // virtual machine is most of the time. `bin/rtwatch` starts so too.
    execArgv: ['--single-threaded'],
    // Colours and glyphs are chosen by the options under test, never by the machine's terminal. Without a size Ink starts tput(1), twice a frame.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8', COLUMNS: '80', LINES: '24' },
  },
});
