import { expect, test } from 'vitest';
import { DescribedContainers } from '../../../src/collect/containers/described.ts';
import type { ContainerValue } from '../../../src/sample/containers.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';

const listed = (id: string) => {
  const { kill: _, inspect: _inspect, ...rest } = make.container(id, id);
  return rest;
};

test('a container and the list stay the same objects until something of them is new', () => {
  let inspect: ContainerValue['inspect'] = null;
  const described = new DescribedContainers(({ id }) => ({
    kill: null,
    inspect: id.startsWith('b') ? inspect : null,
    settings: undefined,
  }));
  const list = [listed('a'), listed('b')];
  const first = described.of(list);
  expect(first).toEqual([make.container('a', 'a'), make.container('b', 'b')]);
  expect(described.of([...list])).toBe(first);
  inspect = ok(make.inspected(), 3);
  const second = described.of(list);
  expect(second[0]).toBe(first[0]);
  expect(second[1]).toEqual(make.container('b', 'b', { inspect }));
  expect(described.of([...list].reverse())).toEqual([...second].reverse());
});
