import { expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import type { FuseDaemon } from '../../src/sample/processes.ts';
import { ok } from '../../src/sample/reading.ts';
import { glance } from '../corpus/case.ts';
import { dockerNode } from '../corpus/node.ts';
import { adviceOf } from '../support/kernel-log.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const waiter = make.blocked(6100, {
  comm: 'sftp-server',
  blocked: [
    make.task(6100, { stack: ['request_wait_answer', 'fuse_flush', 'filp_close'], wchan: 'request_wait_answer' }),
  ],
  volumes: [make.volume('/mnt/s3', { source: 's3fs', type: 'fuse.s3fs', device: '0:57' })],
});

const found = (...fuseDaemons: FuseDaemon[]): Finding | undefined => {
  const scene = glance((second) =>
    dockerNode(second, { readings: { processes: ok(make.processes([waiter], { fuseDaemons }), 3) } }),
  );
  return run(rules, modelOf(scene)).findings.find(({ id }) => id === 'dead-network-storage');
};
const daemon = (pid: number, state: string, type = 'fuse.s3fs'): FuseDaemon => ({ pid, comm: 's3fs', state, type });

test('the FUSE daemon is named with its pid', () => {
  expect(found(daemon(3100, 'S'))?.summary).toContain(' Its daemon is probably s3fs (pid 3100, asleep).');
});

test('of several daemons of one name none is chosen, and one of another filesystem is none', () => {
  expect(found(daemon(3100, 'S'), daemon(3200, 'D'))?.summary).toContain(
    ' Its daemon is one of s3fs (pid 3100, asleep) and s3fs (pid 3200, itself in D).',
  );
  expect(found(daemon(3100, 'S', 'fuse.sshfs'))?.summary).not.toContain('Its daemon');
});

test('a daemon that a signal stopped is to be continued', () => {
  expect(adviceOf(found(daemon(3100, 'T')) as Finding)).toContain('kill -CONT 3100');
  expect(adviceOf(found(daemon(3100, 'S')) as Finding)).not.toContain('kill -CONT');
});
