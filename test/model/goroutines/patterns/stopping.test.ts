import { describe, expect, test } from 'vitest';
import { daemon, goroutine, idsOf, report } from '../goroutine.ts';

const group = ['sync.runtime_Semacquire(0xc005964560)', 'sync.(*WaitGroup).Wait(0xc005964558)'];

const isSign = (lines: readonly string[], waitMinutes: number): boolean =>
  report([goroutine(lines, { state: 'sync.WaitGroup.Wait', waitMinutes })]).patterns.some(({ harmless }) => !harmless);

describe('what stops', () => {
  // https://github.com/moby/moby/issues/45634
  test('is a dockerd that waits for its containers, a sign only when it lasts', () => {
    const lines = ['time.Sleep', daemon('shutdownContainer'), daemon('Shutdown.func1')];
    expect(idsOf(lines)).toEqual(['dockerd-stop']);
    expect(isSign(lines, 1)).toBe(false);
    expect(isSign(lines, 12)).toBe(true);
  });

  // https://github.com/moby/moby/issues/43148
  test('is a dockerd whose swarm component did not stop, which wrote the dump itself', () => {
    const cleanup = 'github.com/docker/docker/daemon/cluster.(*Cluster).Cleanup(0xc00158b0e0)';
    const stack = ['github.com/docker/docker/pkg/signal.DumpStacks(0x0)', cleanup, 'main.(*DaemonCli).start'];
    expect(idsOf(stack, { state: 'running' })).toEqual(['swarm-stop']);
    expect(idsOf(stack.slice(1), { state: 'select' })).toEqual([]);
  });

  test('is any server that waits for its open requests', () => {
    expect(idsOf(['net/http.(*Server).Shutdown', 'main.main'])).toEqual(['server-stop']);
    expect(idsOf(['net/http.(*Server).Serve', 'main.main'])).toEqual([]);
  });
});

describe('a WaitGroup', () => {
  const unary = ['google.golang.org/grpc.(*Server).processUnaryRPC', 'google.golang.org/grpc.(*Server).handleStream'];

  test('of a request is named, and a sign when it lasts', () => {
    expect(idsOf([...group, 'example.org/x.(*server).List', ...unary])).toEqual(['request-group-wait']);
    expect(isSign([...group, 'example.org/x.(*server).List', ...unary], 3000)).toBe(true);
  });

  test('of a server that waits for its workers as long as it lives is none', () => {
    expect(idsOf([...group, 'example.org/x.(*server).Run', 'main.main'])).toEqual([]);
    expect(isSign([...group, 'example.org/x.(*server).Run', 'main.main'], 30_000)).toBe(false);
  });
});
