import { expect, test } from 'vitest';
import { readContainerdContainers, readContainers, readSandboxes } from '../../../src/parse/cri/lists.ts';
import { scriptedContainer, scriptedSandbox } from '../../support/cri/server.ts';

test('a pod is ready while its state is 0, and an entry without an id is skipped', () => {
  const items = [scriptedSandbox('s1'), scriptedSandbox('s2', { state: 1 }), scriptedSandbox('')];
  expect(readSandboxes({ items })).toEqual([
    { id: 's1', name: 'web-0', namespace: 'shop', uid: 'uid-1', attempt: 0, ready: true, createdAt: 1_795_000_000 },
    { id: 's2', name: 'web-0', namespace: 'shop', uid: 'uid-1', attempt: 0, ready: false, createdAt: 1_795_000_000 },
  ]);
});

test('a container has the image that its pod asked for, and of its labels only those that name it', () => {
  const states = [0, 1, 2, 3, 9].map((state, index) => scriptedContainer(`c${index}`, 's1', { state }));
  const read = readContainers({ containers: states });
  expect(read.map(({ state }) => state)).toEqual(['created', 'running', 'exited', 'unknown', 'unknown']);
  expect(read[0]).toMatchObject({ image: 'registry.example/app:1', restarts: 2, sandboxId: 's1' });
  expect(read[0]?.labels).toEqual({ 'io.kubernetes.container.name': 'app' });
});

test('a moment that no date can hold is none', () => {
  const [read] = readContainers({ containers: [scriptedContainer('a', 's1', { createdAt: 2n ** 63n - 1n })] });
  expect(read?.createdAt).toBe(9_223_372_036);
});

test('outside the CRI a container is called as nerdctl called it, else by its short id, else by its name', () => {
  const make = (id: string, labels = {}): Parameters<typeof readContainerdContainers>[0]['containers'][number] => ({
    id,
    labels,
    image: 'nginx',
    createdAt: { seconds: 1_795_000_000n, nanos: 0 },
  });
  const containers = [make('a'.repeat(64), { 'nerdctl/name': 'proxy' }), make('b'.repeat(64)), make('db')];
  expect(readContainerdContainers({ containers }, 'default').map(({ name }) => name)).toEqual([
    'proxy',
    'bbbbbbbbbbbb',
    'db',
  ]);
});
