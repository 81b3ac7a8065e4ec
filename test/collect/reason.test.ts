import { expect, test } from 'vitest';
import { meansAbsent, reasonOf } from '../../src/collect/reason.ts';

const error = (code: string): Error => Object.assign(new Error(`${code}: as the system says it`), { code });

test.each([
  ['EACCES', 'permission denied (run as root)'],
  ['EPERM', 'permission denied (run as root)'],
  ['ECONNREFUSED', 'nothing listens (connection refused)'],
  ['ECONNRESET', 'connection closed'],
  ['EPIPE', 'connection closed'],
  ['UND_ERR_SOCKET', 'connection closed'],
  ['EIO', 'EIO: as the system says it'],
])('%s is told as "%s"', (code, reason) => {
  expect(reasonOf(error(code))).toBe(reason);
});

test('a socket that is not there is named', () => {
  const missing = Object.assign(error('ENOENT'), { syscall: 'connect', address: '/run/docker.sock' });
  expect(reasonOf(missing)).toBe('no such socket: /run/docker.sock');
});

test.each([
  [{ address: '127.0.0.1', port: 2375 }, 'nothing listens on 127.0.0.1:2375 (connection refused)'],
  [{ address: '/run/docker.sock' }, 'nothing listens on /run/docker.sock (connection refused)'],
])('a refused connection names its address: %j', (where, reason) => {
  expect(reasonOf(Object.assign(error('ECONNREFUSED'), where))).toBe(reason);
});

test('a file that is not there is not reported as a socket', () => {
  const missing = Object.assign(new Error("ENOENT: no such file or directory, open '/proc/diskstats'"), {
    code: 'ENOENT',
    syscall: 'open',
    path: '/proc/diskstats',
  });
  expect(reasonOf(missing)).toContain('/proc/diskstats');
  expect(reasonOf(missing)).not.toContain('socket');
});

test.each([
  [new Error('it broke'), 'it broke'],
  ['a word', 'a word'],
  [undefined, 'undefined'],
])('%j is told in its own words', (thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

test('only a socket that is not there means that there is nothing to ask', () => {
  expect(meansAbsent(error('ENOENT'))).toBe(true);
  for (const other of [error('ECONNREFUSED'), error('EACCES'), new Error('x'), null]) {
    expect(meansAbsent(other)).toBe(false);
  }
});
