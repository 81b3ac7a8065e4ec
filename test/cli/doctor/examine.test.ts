import { expect, test } from 'vitest';
import { examine, type Facts } from '../../../src/cli/doctor/examine.ts';

const healthy: Facts = {
  user: 0,
  mayTrace: true,
  kernel: '6.1.0-13-amd64',
  procOptions: ['rw', 'nosuid'],
  pidNamespace: 'host',
  cgroups: 2,
  sockets: ['/run/containerd/containerd.sock', '/run/containerd/debug.sock'],
  asleep: null,
  unasked: [],
  isTerminal: true,
  term: 'xterm',
  locale: 'C.UTF-8',
};

const missing = (facts: Partial<Facts>): string[] =>
  examine({ ...healthy, ...facts })
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);

test('a node that gives everything misses nothing, and needs no remedy', () => {
  expect(missing({})).toEqual([]);
  expect(examine(healthy).map(({ remedy }) => remedy)).toEqual(examine(healthy).map(() => null));
});

test.each([
  ['root', { user: 1000 }],
  ['ptrace', { mayTrace: false }],
  ['pid-namespace', { pidNamespace: 'nested' }],
  ['debug', { sockets: ['/run/containerd/containerd.sock'] }],
  ['runtime', { sockets: ['/run/containerd/debug.sock'] }],
  ['cgroups', { cgroups: null }],
  ['filesystems', { unasked: [{ path: '/var', type: 'nfs4', because: 'statfs(2) can hang on nfs4' }] }],
  ['kernel', { kernel: '2.6.32-754.el6' }],
  ['terminal', { term: 'dumb' }],
  ['terminal', { isTerminal: false }],
  ['locale', { locale: 'C' }],
] as const)('%s is missing', (id, facts) => {
  expect(missing(facts)).toEqual([id]);
  expect(examine({ ...healthy, ...facts }).find((one) => one.id === id)?.remedy).toBeTruthy();
});

test('hidepid hides nothing from root, and is named by number or by word', () => {
  const hidden = { procOptions: ['rw', 'hidepid=invisible'] };
  expect(missing(hidden)).toEqual([]);
  expect(missing({ ...hidden, user: 1000 })).toEqual(['root', 'hidepid']);
  expect(missing({ procOptions: ['hidepid=0'], user: 1000 })).toEqual(['root']);
});

test('another user than root is told that the descriptors of daemons are hidden, and to become root', () => {
  const ptrace = examine({ ...healthy, user: 65_534, mayTrace: false }).find(({ id }) => id === 'ptrace');
  expect(ptrace).toMatchObject({ ok: false, remedy: 'Run it as root: sudo rtwatch' });
  expect(ptrace?.says).toMatch(/^user 65534 without CAP_SYS_PTRACE/);
});

test('a kernel that is older than a figure lacks it', () => {
  const says = (kernel: string) => examine({ ...healthy, kernel }).find(({ id }) => id === 'kernel')?.says;
  expect(says('3.10.0-1160.el7')).toContain('no I/O pressure');
  expect(says('5.4.0')).toBe('Linux 5.4.0');
});

test('an engine that systemd starts at a request is a socket like others, and is not asked', () => {
  const asleep = 'dockerd does not run; systemd starts it at the first request to /run/docker.sock';
  const runtime = examine({ ...healthy, asleep }).find(({ id }) => id === 'runtime');
  expect(runtime).toMatchObject({ ok: true, says: expect.stringContaining(`. ${asleep}; rtwatch sends nothing`) });
});
