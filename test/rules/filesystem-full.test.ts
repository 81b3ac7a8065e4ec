import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/rules/engine/diagnosis.ts';
import { run } from '../../src/rules/engine/run.ts';
import { filesystemFull } from '../../src/rules/filesystem-full.ts';
import type { FilesystemValue } from '../../src/sample/filesystems.ts';
import { ok } from '../../src/sample/reading.ts';
import { foundInKernelLog } from '../support/kernel-log.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const giB = 1024 ** 3;
const full = { freeBytes: 0, availableBytes: 0, holds: ['/var/lib/docker'] } satisfies Partial<FilesystemValue>;

/** Four containers of Docker, with logs of so many bytes. */
const judge = (logs: readonly number[], change: Partial<FilesystemValue> = full): Diagnosis | undefined => {
  const containers = logs.map((_, index) => make.container(`${index}a`, `web-${index}`));
  const containerLogs = containers.map(({ id }, index) => ({ id, bytes: logs[index] ?? 0 }));
  const value = { ...make.filesystems(make.filesystem('/var/lib/docker', change)), containerLogs };
  const readings = {
    daemons: ok(make.daemons(make.dockerd({ settings: ok(make.settings(), 1) })), 1),
    containers: ok(make.containers(containers), 1),
    filesystems: ok(value, 1),
  };
  return run([filesystemFull], scenes.modelOf([0, 1].map((second) => make.sampleAt(second, readings)))).findings[0];
};

test('a full filesystem names the three largest logs of containers on it, and how to empty the first', () => {
  const finding = judge([2 * giB, 0.5 * giB, 38 * giB, giB]);
  expect(finding?.summary).toMatch(/The largest container logs: web-2 38 GiB, web-0 2 GiB, web-3 1 GiB\.$/);
  expect(finding?.evidence.map(({ text }) => text)).toContain('log of web-2: 38 GiB, rotated files included');
  expect(finding?.remedies[0]).toEqual({
    text: 'Empty the log of web-2. Its lines are lost; the container keeps running.',
    command: `truncate -s 0 "$(docker inspect -f '{{.LogPath}}' 2a2a2a2a2a2a)"`,
    risk: 'low',
  });
});

test('small logs, and logs on another filesystem, are not named', () => {
  expect(judge([1e6, 2e6])?.summary).not.toContain('logs');
  expect(judge([38 * giB], { ...full, holds: ['/var/lib/kubelet'] })?.summary).not.toContain('logs');
});

test('logs are no reason for a lack of inodes', () => {
  const finding = judge([38 * giB], { holds: ['/var/lib/docker'], inodes: { total: 655_360, free: 0 } });
  expect(finding?.title).toContain('out of inodes');
  expect(finding?.subjects.containers).toEqual([]);
});

test('it stays the same finding when another log becomes the largest', () => {
  expect(judge([2 * giB, giB])?.key).toBe(judge([2 * giB, 3 * giB, giB, 4 * giB, 5 * giB])?.key);
});

test('a thin pool that failed is well again when it can be written, not when it has grown', () => {
  const failed = 'device-mapper: thin: 253:4: switching pool to read-only mode';
  const grown = 'device-mapper: thin: 253:4: growing the data device from 1600 to 1920 blocks';
  expect(foundInKernelLog('filesystem-full', [failed, grown]).severity).toBe('critical');
  const well = [failed, grown, 'device-mapper: thin: 253:4: switching pool to write mode'];
  expect(() => foundInKernelLog('filesystem-full', well)).toThrow();
});
