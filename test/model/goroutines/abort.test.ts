import { describe, expect, test } from 'vitest';
import { docker, goroutine, report } from './goroutine.ts';

const end = { total: 2, partial: false, error: null, form: 'debug2' as const };

describe('the dump of a program that aborted', () => {
  // https://github.com/containerd/containerd/issues/11138
  test('says where the one that failed was, libraries included', () => {
    const failed = goroutine(
      ['panic', 'github.com/containerd/ttrpc.MD.Set', 'github.com/containerd/otelttrpc.(*metadataSupplier).Set'],
      { id: 164, state: 'running' },
    );
    const { abort } = report([failed, goroutine(['main.main'])], {
      ...end,
      abort: 'fatal error: concurrent map writes',
    });
    expect(abort).toMatchObject({
      message: 'fatal error: concurrent map writes',
      isRequested: false,
      goroutine: 164,
      path: ['ttrpc.MD.Set', 'otelttrpc.(*metadataSupplier).Set'],
    });
    expect(abort?.meaning).toContain('a defect of the program, not of the node');
  });

  // https://github.com/docker/compose/issues/5382
  test('is none where net/http recovered the panic of a request, and the function that panicked is named', () => {
    const failed = goroutine(
      ['net/http.(*conn).serve.func1', 'panic', `${docker}libnetwork/drivers/bridge.(*driver).createNetwork`],
      { id: 1943, state: 'running' },
    );
    const { abort } = report([failed], {
      ...end,
      abort: 'http: panic serving @: runtime error: invalid memory address',
    });
    expect(abort).toMatchObject({ isRecovered: true, path: ['bridge.(*driver).createNetwork'] });
    expect(abort?.meaning).toContain('the program runs on');
  });

  test.each([
    ['runtime: program exceeds 20000-thread limit', 'blocked in a system call'],
    ['runtime: failed to create new OS thread (have 13 already; errno=11)', 'a limit is reached'],
    ['fatal error: runtime: out of memory', 'no memory'],
    // https://github.com/containerd/containerd/issues/12037
    ['fatal error: bad flushGen', 'its own records damaged'],
    ['fatal error: runtime·unlock: lock count', 'its own records damaged'],
    // https://github.com/coreos/bugs/issues/1909
    ['fatal error: acquirep: invalid p state', 'its own records damaged'],
    ['fatal error: exitsyscall: syscall frame is no longer valid', 'its own records damaged'],
    // https://github.com/moby/moby/issues/45034, 29499 and 10606
    ['fatal error: non in-use span in unswept list', 'its own records damaged'],
    ['fatal error: bad map state', 'its own records damaged'],
    ['fatal error: addspecial on invalid pointer', 'its own records damaged'],
    // https://github.com/docker/cli/issues/5217
    ['fatal: morestack on g0', 'its own records damaged'],
    // https://github.com/containers/podman/issues/2964
    ['fatal error: runtime: netpoll failed', 'A defect of the program'],
    ['fatal error: mlock failed', 'RLIMIT_MEMLOCK'],
    ['fatal error: runtime: cannot map pages in arena address space', 'no memory'],
    // https://github.com/opencontainers/runc/issues/5082
    ['fatal error: runtime: eventfd failed', 'RLIMIT_NOFILE'],
    // runtime/netpoll_epoll.go
    ['fatal error: runtime: netpollinit failed', 'RLIMIT_NOFILE'],
    ['fatal error: all goroutines are asleep - deadlock!', 'a deadlock'],
    ['fatal error: no goroutines (main called runtime.Goexit) - deadlock!', 'a deadlock'],
  ])('blames no goroutine that happened to run: %s', (message, words) => {
    const running = goroutine([`${docker}daemon.(*Daemon).Kill`], { state: 'running' });
    const { abort } = report([running], { ...end, abort: message });
    expect(abort).toMatchObject({ goroutine: null, path: [], isRequested: false });
    expect(abort?.meaning).toContain(words);
  });

  test('of a lock that was unlocked twice is a defect, although the runtime ends it', () => {
    const { abort } = report([], { ...end, abort: 'fatal error: sync: unlock of unlocked mutex' });
    expect(abort?.meaning).toContain('A defect of the program');
  });

  test('by a signal is no crash', () => {
    expect(report([], { ...end, abort: 'SIGQUIT: quit' }).abort).toMatchObject({ isRequested: true, path: [] });
  });

  test('by SIGBUS tells of a file that cannot be read, a fault at an address of memory', () => {
    const meaningOf = (abort: string): string | undefined => report([], { ...end, abort }).abort?.meaning;
    expect(meaningOf('fatal error: fault (SIGBUS)')).toContain('a file that it has mapped');
    expect(meaningOf('fatal error: fault')).toContain('memory was damaged');
  });

  test('of a panic over a page of bolt says that the database is damaged', () => {
    const { abort } = report([], { ...end, abort: 'panic: page 7 already freed' });
    expect(abort?.meaning).toContain('database (bolt) is damaged');
  });
});

test('the dump of a program that goes on has none', () => {
  expect(report([goroutine(['main.dumpStacks'], { state: 'running' })]).abort).toBeNull();
});
