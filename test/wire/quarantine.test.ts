import { describe, expect, test } from 'vitest';
import type { SourceName } from '../../src/sample/sample.ts';
import { Quarantine } from '../../src/wire/quarantine.ts';

function quarantineOf(...reads: readonly (readonly [source: SourceName, path?: string])[]): Quarantine {
  const left = new Quarantine();
  reads.forEach(([source, path], at) => {
    left.learn({ source, ...(path === undefined ? {} : { path }) }, at);
  });
  return left;
}

const mountinfos = (count: number): (readonly [SourceName, string])[] =>
  Array.from({ length: count }, (_, index) => ['mounts', `/proc/${index + 1}/mountinfo`]);

describe('what hung', () => {
  test('is skipped with its process, or alone when it is no file of a process', () => {
    const left = quarantineOf(['processes', '/proc/42/stack'], ['disks', '/proc/diskstats']);
    expect(left.args()).toEqual(['--avoid', '/proc/42', '--avoid', '/proc/diskstats']);
    expect(left.words).toEqual(['/proc/42', '/proc/diskstats']);
  });

  test('without a file is skipped as a source', () => {
    expect(quarantineOf(['logs']).args()).toEqual(['--skip', 'logs']);
  });

  test('is reported once, since the first time', () => {
    const left = quarantineOf(['logs', '/var/log/messages'], ['logs', '/var/log/messages']);
    expect(left.hung).toEqual([{ source: 'logs', path: '/var/log/messages', at: 0 }]);
  });

  test('is forgotten with its source only', () => {
    const left = quarantineOf(['processes', '/proc/42/stack'], ['logs']);
    left.forgive('processes');
    expect(left.args()).toEqual(['--skip', 'logs']);
    expect(left.sources).toEqual(['logs']);
  });
});

describe('a lock that many files share', () => {
  test('costs three samplers, then the source is skipped and the processes are free for others', () => {
    expect(quarantineOf(...mountinfos(2)).args()).not.toContain('--skip');
    const left = quarantineOf(...mountinfos(3));
    expect(left.args()).toEqual(['--skip', 'mounts']);
    expect(left.hung.map(({ path, at }) => [path, at]).at(-1)).toEqual([null, 0]);
  });

  test('is believed later of processes, without which nearly all is blind', () => {
    const stacks = (count: number): Quarantine =>
      quarantineOf(...Array.from({ length: count }, (_, index) => ['processes', `/proc/${index}/stack`] as const));
    expect(stacks(11).words).toHaveLength(11);
    expect(stacks(12).words).toEqual(['processes']);
  });

  test('does not take a source along that hung on another file', () => {
    expect(quarantineOf(...mountinfos(3), ['daemons', '/proc/9/cmdline']).words).toEqual(['/proc/9', 'mounts']);
  });
});

describe('a try', () => {
  const left = quarantineOf(...mountinfos(3), ['processes', '/proc/42/stack'], ['logs']);
  const words = (source: SourceName): string => left.probeArgs(source).join(' ');

  test('reads its source and the processes, and avoids what others hang on', () => {
    expect(words('mounts')).not.toMatch(/--skip (?:mounts|processes)/);
    expect(words('mounts')).toContain('--avoid /proc/42');
    for (const other of ['logs', 'disks', 'daemons', 'host']) expect(words('mounts')).toContain(`--skip ${other}`);
  });

  test('reads what is avoided because of it', () => {
    expect(words('processes')).not.toContain('--avoid');
    expect(words('processes')).toContain('--skip mounts');
  });

  test('of the stacks asks for the daemons too', () => {
    expect(words('stacks')).not.toContain('--skip daemons');
  });
});
