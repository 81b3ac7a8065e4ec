import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');

test('too few open files for Node.js are one line that says what to do, where root may not raise the limit', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `ulimit -n 20; exec '${launcher}' version`], { encoding: 'utf8' });
  if (status === 0) return expect(stderr).toBe('');
  expect(status).toBe(69);
  expect(stderr).toBe(
    'rtwatch: only 20 files may be open here, too few for Node.js. Raise the limit, as root: ulimit -n 1024\n',
  );
});
