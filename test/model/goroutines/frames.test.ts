import { describe, expect, test } from 'vitest';
import { kindOf, shortName, stackName } from '../../../src/model/goroutines/frames.ts';
import { isFunction, normalizeFunction } from '../../../src/model/goroutines/function-name.ts';

const named = (func: string, name: string): boolean => isFunction(normalizeFunction(func), name);

describe('the short name of a function', () => {
  test.each([
    ['github.com/docker/docker/daemon.(*Daemon).Kill', 'daemon.(*Daemon).Kill'],
    ['github.com/docker/docker/vendor/github.com/gorilla/mux.(*Router).ServeHTTP', 'mux.(*Router).ServeHTTP'],
    ['main.main', 'main.main'],
    ['net/http.(*conn).serve', 'http.(*conn).serve'],
    ['github.com/docker/docker/container.(*State).Wait.func1', 'container.(*State).Wait.func1'],
    [
      'github.com/x/api/server/router/container.(*containerRouter).postContainersStop-fm',
      'container.(*containerRouter).postContainersStop',
    ],
    ['sync/atomic.(*Pointer[go.shape.struct { a/b.T }]).Load', 'atomic.(*Pointer).Load'],
    ['gopkg.in/yaml%2ev2.Unmarshal', 'yaml.v2.Unmarshal'],
    ['', ''],
  ])('%s is %s', (func, name) => {
    expect(shortName(func)).toBe(name);
  });

  test('keeps the element before a version, which alone says nothing', () => {
    expect(shortName('github.com/containerd/containerd/runtime/v2.(*shimTask).delete')).toBe(
      'runtime/v2.(*shimTask).delete',
    );
    expect(shortName('v2.Start')).toBe('v2.Start');
  });
});

describe('a function is the one meant', () => {
  test.each([
    'github.com/docker/docker/daemon.(*Daemon).Kill',
    'github.com/moby/moby/v2/daemon.(*Daemon).Kill',
    'example.org/vendor/github.com/docker/docker/daemon.(*Daemon).Kill-fm',
    'daemon.(*Daemon).Kill',
    'daemon.(*Daemon).Kill[...]',
  ])('under any import root: %s', (func) => {
    expect(named(func, 'daemon.(*Daemon).Kill')).toBe(true);
  });

  test.each([
    'github.com/docker/docker/xdaemon.(*Daemon).Kill',
    'github.com/docker/docker/daemon.(*Daemon).Kill.func1',
    'github.com/docker/docker/daemon.(*Daemon).killWithSignal',
    'github.com/docker/docker/daemon.Kill',
  ])('and not another: %s', (func) => {
    expect(named(func, 'daemon.(*Daemon).Kill')).toBe(false);
  });

  test('by the beginning of its name, where the table says so', () => {
    expect(named('github.com/x/container.(*State).Wait.func1.2', 'container.(*State).Wait.func*')).toBe(true);
    expect(named('github.com/x/container.(*State).Wait', 'container.(*State).Wait.func*')).toBe(false);
    expect(named('github.com/x/subcontainer.(*State).Wait.func1', 'container.(*State).Wait.func*')).toBe(false);
  });
});

describe('a frame', () => {
  test.each([
    ['runtime.gopark', 'runtime'],
    ['sync.(*Mutex).lockSlow', 'runtime'],
    ['internal/sync.(*Mutex).Lock', 'runtime'],
    ['internal/poll.runtime_pollWait', 'runtime'],
    ['syscall.Syscall6', 'runtime'],
    ['net/http.(*conn).serve', 'plumbing'],
    ['google.golang.org/grpc.(*Server).handleStream', 'plumbing'],
    ['github.com/docker/docker/vendor/google.golang.org/grpc/internal/transport.(*Stream).waitOnHeader', 'plumbing'],
    ['github.com/containerd/ttrpc.(*Client).dispatch', 'plumbing'],
    ['github.com/docker/docker/api/server/middleware.VersionMiddleware.WrapHandler.func1', 'plumbing'],
    ['github.com/containerd/containerd/api/services/tasks/v1._Tasks_Delete_Handler.func1', 'plumbing'],
    ['github.com/docker/docker/daemon.(*Daemon).Kill', 'program'],
    ['main.main', 'program'],
    ['golang.org/x/sys/unix.Unmount', 'program'],
    ['syscall.Fsync', 'program'],
  ])('%s is of the %s', (func, kind) => {
    expect(kindOf(func)).toBe(kind);
  });
});

describe('a stack is called', () => {
  const frames = (...funcs: string[]) => funcs.map((func) => ({ func, file: null, line: null }));

  test('after the first frame of the program', () => {
    expect(stackName(frames('sync.(*Mutex).Lock', 'a.org/x/daemon.(*Daemon).Kill', 'a.org/x/daemon.Other'))).toBe(
      'daemon.(*Daemon).Kill',
    );
  });

  test('after its outermost frame when none is the program’s', () => {
    expect(
      stackName(
        frames('internal/poll.runtime_pollWait', 'net.(*conn).Read', 'github.com/containerd/ttrpc.(*Client).run.func2'),
      ),
    ).toBe('ttrpc.(*Client).run.func2');
  });

  test('after what there is', () => {
    expect(stackName(frames('runtime.gopark'))).toBe('runtime.gopark');
    expect(stackName([])).toBe('');
  });
});
