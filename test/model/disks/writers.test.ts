import { expect, test } from 'vitest';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const db = make.idOf('db');

const { writers } = modelOf([
  make.sampleAt(0, {
    containers: ok(make.containers([make.container('db', 'db-1')]), 1),
    writers: ok(
      make.writers({
        processes: [
          make.writer(10, { containerId: db, writeDelta: 10e6 }),
          make.writer(11, { containerId: db, writeDelta: 2e6, readDelta: 1e6, overMs: 1000 }),
          make.writer(12, { writeDelta: 1e6 }),
        ],
        unreadable: 4,
      }),
      1,
    ),
  }),
]);

test('writers have rates, each over its own time, the fastest first, with the container’s name', () => {
  expect(
    writers?.list.map(({ pid, writeBytesPerSec, containerName }) => [pid, writeBytesPerSec, containerName]),
  ).toEqual([
    [11, 2e6, 'db-1'],
    [10, 2e6, 'db-1'],
    [12, 2e5, null],
  ]);
  expect(writers?.unreadable).toBe(4);
});

test('the processes of a container are added up', () => {
  expect(writers?.containers).toEqual([
    { containerId: db, containerName: 'db-1', readBytesPerSec: 1e6, writeBytesPerSec: 4e6, pids: [11, 10] },
    { containerId: null, containerName: null, readBytesPerSec: 0, writeBytesPerSec: 2e5, pids: [12] },
  ]);
});
