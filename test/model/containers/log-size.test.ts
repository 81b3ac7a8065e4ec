import { expect, test } from 'vitest';
import type { ContainerValue } from '../../../src/sample/containers.ts';
import type { FilesystemsValue } from '../../../src/sample/filesystems.ts';
import { failed, ok, type Reading } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const id = make.idOf('a1');
const settings = (logDriver: string): Partial<ContainerValue> => ({
  settings: { init: false, logDriver, logRotated: true },
});
const logs = (...containerLogs: NonNullable<FilesystemsValue['containerLogs']>): Reading<FilesystemsValue> =>
  ok({ filesystems: [], skipped: [], containerLogs }, 1);
const logOf = (filesystems: Reading<FilesystemsValue>, change: Partial<ContainerValue> = {}) =>
  modelOf([
    make.sampleAt(0, { containers: ok(make.containers([make.container('a1', 'web-1', change)]), 1), filesystems }),
  ]).containers?.list[0]?.log;

test('the size of a log is that of its files', () => {
  expect(logOf(logs({ id, bytes: 4096 }))).toEqual({ bytes: 4096, unknown: null });
});

test('a size is unknown for a reason: the driver, the read, the source', () => {
  const missing = { id, bytes: null, because: 'no such file' };
  expect(logOf(logs(missing), settings('journald'))).toEqual({
    bytes: null,
    unknown: 'the log driver is journald, not json-file',
  });
  expect(logOf(logs(missing), settings('json-file'))?.unknown).toBe('no such file');
  expect(logOf(logs(missing))?.unknown).toBe('no such file');
  expect(logOf(logs())?.unknown).toBe('not read yet');
  expect(logOf(failed('disabled with --disable filesystems'))?.unknown).toBe('disabled with --disable filesystems');
});

test('a recording from before log sizes were read says so', () => {
  expect(logOf(ok({ filesystems: [], skipped: [] }, 1))?.unknown).toBe('not in this recording');
});
