import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerList } from '../../../src/parse/engine/list.ts';

const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';
const web = {
  Id: id,
  Names: ['/web-1'],
  Image: 'nginx:1.27',
  ImageID: `sha256:${id}`,
  Command: 'nginx -g daemon off',
  Created: 1795241900,
  Ports: [{ PrivatePort: 80, Type: 'tcp' }],
  Labels: { maintainer: 'someone', 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
  State: 'running',
  Status: 'Up 3 hours',
  HostConfig: { NetworkMode: 'default' },
  Mounts: [],
};

describe('the list', () => {
  test('shows what is shown of a container, and only the labels that name it', () => {
    expect(parseContainerList([web])).toEqual([
      {
        id,
        name: 'web-1',
        image: 'nginx:1.27',
        state: 'running',
        status: 'Up 3 hours',
        createdAt: 1795241900,
        labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
      },
    ]);
  });

  test('gives the labels that name a pod, and no other of the kubelet’s', () => {
    const pod = {
      'io.kubernetes.pod.name': 'web-0',
      'io.kubernetes.pod.namespace': 'shop',
      'io.kubernetes.container.name': 'app',
    };
    const labels = { ...pod, 'annotation.io.kubernetes.container.hash': 'b1', 'io.kubernetes.pod.uid': 'u' };
    expect(parseContainerList([{ ...web, Labels: labels }])[0]?.labels).toEqual(pod);
  });

  test('gives the labels that name a service of compose, its number, and a task of swarm', () => {
    const labels = {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '2',
      'com.docker.swarm.service.name': 'shop_web',
      'com.docker.swarm.task.name': 'shop_web.3.k2j1',
    };
    const others = { 'com.docker.compose.config-hash': 'c0', 'com.docker.swarm.node.id': 'n' };
    expect(parseContainerList([{ ...web, Labels: { ...labels, ...others } }])[0]?.labels).toEqual(labels);
  });

  test.each([
    ['its own', ['/web-1'], 'web-1'],
    ['its own after those that others link to it by', ['/shop/db', '/api/db', '/db-1'], 'db-1'],
    ['its own before them', ['/db-1', '/shop/db'], 'db-1'],
    ['the first, when all are links', ['/shop/db'], 'shop/db'],
    ['one without a slash', ['web-1'], 'web-1'],
    ['the start of its id, when it has none', [], 'fbea0463e7a9'],
    ['the start of its id, when there is no list', null, 'fbea0463e7a9'],
    ['the start of its id, when they are not words', [7, null], 'fbea0463e7a9'],
  ])('names a container by %s', (_, Names, name) => {
    expect(parseContainerList([{ ...web, Names }])[0]?.name).toBe(name);
  });

  test('keeps the order, and leaves out what has no id', () => {
    const list = parseContainerList([web, null, {}, { ...web, Id: 5 }, { Id: 'b' }]);
    expect(list.map((one) => one.id)).toEqual([id, 'b']);
  });

  test('has calm values for what an entry does not have', () => {
    expect(parseContainerList([{ Id: id }])).toEqual([
      { id, name: 'fbea0463e7a9', image: '', state: '', status: '', createdAt: 0, labels: {} },
    ]);
  });

  test('may be empty', () => {
    expect(parseContainerList([])).toEqual([]);
  });

  test.each([[[[]]], [['x', 7]], [[{ name: 'x' }]]])('that is a list of something else, %j, is refused', (answer) => {
    expect(() => parseContainerList(answer)).toThrow('holds no containers');
  });

  test.each([null, undefined, {}, 'x', 7, { message: 'page not found' }])('that is %j is refused', (answer) => {
    expect(() => parseContainerList(answer)).toThrow('is not a list');
  });
});

test('any JSON gives a list of whole entries, or is refused', () => {
  const entry = fc.record(
    {
      Id: fc.oneof(fc.string(), fc.jsonValue()),
      Names: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      Image: fc.jsonValue(),
      State: fc.jsonValue(),
      Status: fc.jsonValue(),
      Created: fc.jsonValue(),
      Labels: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.oneof(entry, fc.jsonValue())), fc.jsonValue()), (answer) => {
      if (!Array.isArray(answer)) {
        expect(() => parseContainerList(answer)).toThrow('is not a list');
        return;
      }
      const isContainer = (one: unknown): boolean => typeof (one as { Id?: unknown } | null)?.Id === 'string';
      if (answer.length > 0 && !answer.some(isContainer)) {
        expect(() => parseContainerList(answer)).toThrow('holds no containers');
        return;
      }
      for (const { labels, createdAt, ...texts } of parseContainerList(answer)) {
        for (const text of [...Object.values(texts), ...Object.values(labels)]) expect(text).toBeTypeOf('string');
        expect(createdAt).toBeTypeOf('number');
      }
    }),
    { numRuns: 500 },
  );
});
