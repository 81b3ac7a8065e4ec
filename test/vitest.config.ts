import fs from 'node:fs';
import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { seededFastCheck } from './fuzz/config.ts';
import { takingTheirTime } from './reliability/vitest.config.ts';

/** TMPFS_MAGIC of the kernel's linux/magic.h. */
const tmpfs = 0x01021994;
const enoughBytes = 2 * 1024 ** 3;

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
    // As long. A tree of thousands of files is removed after its test, on a disk that others use.
    hookTimeout: 120_000,
    // A third of the time is waiting for processes and sockets: three leave a quarter of two processors unused.
    maxWorkers: 4,
    // V8's helper threads share memory with a test that waits for them: each page they change costs a message between processors, which on a
    // virtual machine is most of the time. `bin/rtwatch` starts so too.
    execArgv: ['--single-threaded'],
    // Colours and glyphs are chosen by the options under test, never by the machine's terminal. Without a size Ink starts tput(1), twice a frame.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8', COLUMNS: '80', LINES: '24', TMPDIR: temporaryFolders() },
  },
});

/**
 * Where the tests make their folders, some of thousands of files: in memory, where there is enough of it and a script in it may run.
 * On a disk, making and removing these trees is half of what their tests take.
 */
function temporaryFolders(): string {
  const usual = os.tmpdir();
  if (process.env['TMPDIR'] !== undefined) return usual;
  try {
    const { type, bavail, bsize } = fs.statfsSync('/dev/shm');
    const mount = fs.readFileSync('/proc/self/mounts', 'utf8').match(/^\S+ \/dev\/shm \S+ (\S+)/m);
    const options = mount?.[1]?.split(',') ?? ['noexec'];
    const isUsable =
      type === tmpfs && bavail * bsize >= enoughBytes && !options.some((one) => /^(?:ro|noexec)$/.test(one));
    fs.accessSync('/dev/shm', fs.constants.W_OK);
    return isUsable ? '/dev/shm' : usual;
  } catch {
    return usual;
  }
}
