import { describe, expect, test } from 'vitest';
import { type Worker, workersOf } from '../../../src/model/containers/workers.ts';
import type { BlockedTask } from '../../../src/sample/processes.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';

const [a, b] = [
  make.container('a1', 'web-1', { state: 'removing' }),
  make.container('b2', 'web-2', { state: 'removing' }),
];
const root = make.volume('/', { device: '254:0', source: '/dev/vda' });
const data = make.volume('/srv/docker');

const rmdir = (tid: number, file: string | null = null, change: Partial<BlockedTask> = {}): BlockedTask =>
  make.task(tid, {
    comm: 'dockerd',
    stack: ['percpu_rwsem_wait', 'mnt_want_write', 'do_rmdir'],
    offCpuSeconds: 30,
    syscall: { number: 84, name: file === null ? 'rmdir' : 'unlinkat', fd: file === null ? null : 9, file },
    ...change,
  });

function workers(blocked: BlockedTask[], containers = [a], volumes = [root, data]): ReadonlyMap<string, Worker> {
  return workersOf({
    ended: [],
    processes: make.processes([make.blocked(901, { comm: 'dockerd', state: 'S', blocked, volumes })]),
    containers,
    home: { rootDir: '/srv/docker', driver: 'overlay2' },
    seenSeconds: new Map(),
  });
}

describe('the daemon that removes a container', () => {
  test('works for the only one that is removed, with all its threads in such a call, below its own root', () => {
    expect(workers([rmdir(7), rmdir(8), rmdir(9)]).get(a.id)).toMatchObject({
      pid: 901,
      comm: 'dockerd',
      tids: [7, 8, 9],
      seconds: 30,
      how: 'only one',
      call: 'rmdir',
      waits: { kind: 'frozen-filesystem', mount: { mountPoint: '/srv/docker' }, certainty: 'likely' },
    });
  });

  test('works for the one that its directory names, by the container or by its layer', () => {
    const layer = '1a'.repeat(32);
    const inspect = ok(make.inspected({ mergedDir: `/srv/docker/overlay2/${layer}/merged` }), 1);
    const both = [{ ...a, inspect }, b];
    const found = workers([rmdir(7, `/srv/docker/overlay2/${layer}/diff`)], both);
    expect(found.get(a.id)).toMatchObject({ how: 'path', tids: [7] });
    expect(workers([rmdir(7, `/srv/docker/containers/${b.id}`)], [a, b]).get(b.id)).toMatchObject({ how: 'path' });
    expect(workers([rmdir(7, `/srv/docker/containers/${b.id}`)], [a, b]).has(a.id)).toBe(false);
  });

  test('may work for either of two', () => {
    expect([...workers([rmdir(7)], [a, b]).values()].map(({ how }) => how)).toEqual([
      'one of several',
      'one of several',
    ]);
  });

  test('is none where none is removed, or where its threads do something else', () => {
    expect(workers([rmdir(7)], [make.container('a1', 'web-1')]).size).toBe(0);
    const write = { number: 1, name: 'write', fd: 5, file: '/srv/docker/containers/x/x-json.log' };
    expect(workers([rmdir(7, null, { syscall: write })]).size).toBe(0);
  });

  test('is likely where the layers are, and then only possibly elsewhere', () => {
    const cache = make.volume('/srv/docker/overlay2', { device: '7:1' });
    const waits = workers([rmdir(7)], [a], [root, data, cache]).get(a.id)?.waits;
    expect(waits).toMatchObject({ mount: cache, certainty: 'possible' });
  });
});
