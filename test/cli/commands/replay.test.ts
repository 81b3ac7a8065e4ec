import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');

describe.each([['replay', '/tmp/none.zst'], ['demo']])('rtwatch %s', (...words) => {
  test('without a terminal says what to do instead', () => {
    const { status, stdout, stderr } = spawnSync(launcher, words, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(/^rtwatch: stdout is not a terminal\. For a report: rtwatch check --from .*\n$/);
  });
});
