import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GrpcClient } from '../../../src/collect/cri/grpc-client.ts';
import { OtherNamespaces } from '../../../src/collect/cri/other-namespaces.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const container = { id: 'n'.repeat(64), labels: {}, image: 'nginx', createdAt: undefined };

/** A containerd that has a container in `default` and nothing in the other namespaces. */
function open() {
  const asked: string[] = [];
  const call = (_: unknown, __: unknown, { namespace }: { readonly namespace?: string }): Promise<unknown> => {
    if (namespace === undefined) return Promise.resolve({ namespaces: [{ name: 'default' }] });
    asked.push(namespace);
    return Promise.resolve({ containers: namespace === 'default' ? [container] : [] });
  };
  return { asked, others: new OtherNamespaces({ call } as unknown as GrpcClient) };
}

test('of a hundred namespaces that were emptied sixteen are asked again, and the one with containers always', async () => {
  const { asked, others } = open();
  await others.poll();
  for (let build = 0; build < 100; build++) {
    others.note(`build-${build}`, 'create');
    await others.poll();
  }
  expect(asked).toHaveLength(101);
  asked.length = 0;
  others.expire();
  for (let second = 0; second < 120; second++) {
    vi.advanceTimersByTime(1000);
    await others.poll();
  }
  expect(asked).toHaveLength(16);
  expect(asked).toContain('default');
  expect(asked).toContain('build-99');
  expect(others.containers.map(({ runtimeNamespace }) => runtimeNamespace)).toEqual(['default']);
});
