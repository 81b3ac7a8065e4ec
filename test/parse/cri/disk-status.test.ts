import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDiskStatus } from '../../../src/parse/cri/disk-status.ts';

const id = 'a1'.repeat(32);
/** As containerd 1.6.20 writes it. */
const text = (finishedAt: string, exitCode: number): string =>
  `{"Version":"v1","Pid":4242,"CreatedAt":1795000000000000000,"StartedAt":1795000001500000000,"FinishedAt":${finishedAt},"ExitCode":${exitCode},"Reason":"","Message":""}`;

test('a container that runs has no exit', () => {
  expect(parseDiskStatus(id, text('0', 0))).toEqual({
    containerId: id,
    createdAt: 1_795_000_000_000,
    startedAt: 1_795_000_001_500,
    finishedAt: null,
    exitCode: null,
  });
});

test('one that has exited has its code', () => {
  expect(parseDiskStatus(id, text('1795000009000000000', 137))).toMatchObject({
    finishedAt: 1_795_000_009_000,
    exitCode: 137,
  });
});

test('another form says nothing, and no text gives a time that is none', () => {
  for (const other of ['null', '[]', '{}', '{"CreatedAt":"x"}', '{"CreatedAt":0}'])
    expect(parseDiskStatus(id, other)).toBeNull();
  expect(() => parseDiskStatus(id, '{"Ver')).toThrow('the status of a container is not JSON');
  fc.assert(
    fc.property(fc.jsonValue(), fc.double(), (value, created) => {
      const found = parseDiskStatus(id, JSON.stringify({ ...(value as object), CreatedAt: created }));
      expect(found === null || Number.isFinite(new Date(found.createdAt).getTime())).toBe(true);
    }),
  );
});
