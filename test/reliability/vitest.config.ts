import { defineConfig } from 'vitest/config';
import { seededFastCheck } from '../fuzz/config.ts';

/** They wait for hangs to be found, bring a load, or start the program many times: `npm run test:reliability`. */
export const takingTheirTime = [
  ...['reads', 'screen', 'daemons', 'load', 'chaos', 'hostile'].map((name) => `test/reliability/${name}.test.ts*`),
  'test/cli/commands/bundle.test.ts',
  'test/cli/commands/record.test.ts',
  'test/wire/recording/recorder.test.ts',
];

export default defineConfig({
  resolve: { alias: seededFastCheck },
  test: {
    root: `${import.meta.dirname}/../..`,
    include: takingTheirTime,
    pool: 'forks',
    fileParallelism: false,
    // Longer than what a test itself waits, so that the test says what it waited for.
    testTimeout: 180_000,
    // As long: a hook waits for a screen. A tree of thousands of files is removed after its test, on a disk that others use.
    hookTimeout: 180_000,
    // Without a size Ink starts tput(1), twice a frame.
    env: { FORCE_COLOR: '0', LANG: 'C.UTF-8', COLUMNS: '80', LINES: '24' },
  },
});
