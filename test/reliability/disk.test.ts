import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { dump } from '../../src/cli/commands/dump.ts';
import { writeTrouble } from '../../src/cli/daemons/write-trouble.ts';
import { ReportedError } from '../../src/cli/process/exit-codes.ts';
import { answer, StandIn } from '../collect/stand-in.ts';
import { temporaryFolder } from '../support/world.ts';

const goroutines = 'goroutine 1 [running]:\nmain.main()\n\t/a.go:1\n\n'.repeat(3000);

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: as the kernel says it, ${syscall}`), { code, syscall });
}

async function dumpInto(dumpDir: string): Promise<ReportedError> {
  const daemon = await StandIn.listen({ '/debug/pprof/goroutine': answer(goroutines) });
  const options = { dockerHost: daemon.url, pprof: [], interval: 1000, disable: [], log: [], cpuBudget: 5 };
  const where = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };
  const error = await dump('dockerd', { ...options, ...where, dumpDir }).catch((thrown: unknown) => thrown);
  if (error instanceof ReportedError) return error;
  throw new Error(`not an error for a person: ${error}`);
}

describe('a dump that finds no room', () => {
  test.each([
    ['ENOSPC', /cannot be written to: no space left \(name another folder with --dump-dir/],
    ['EDQUOT', /disk quota exceeded/],
    ['EIO', /I\/O error on the disk \(see dmesg/],
  ])('while it is written (%s) says so, ends with 74 and does not keep the disk full', async (code, words) => {
    const folder = temporaryFolder();
    // The disk takes the first piece, and no more.
    const write = fs.write.bind(fs);
    let pieces = 0;
    vi.spyOn(fs, 'write').mockImplementation(((...args: unknown[]) => {
      const done = args.at(-1) as (error: Error | null, written: number) => void;
      if (pieces++ === 0) (write as (...args: unknown[]) => void)(...args);
      else done(systemError(code, 'write'), 0);
    }) as never);
    try {
      const { message, exitCode } = await dumpInto(folder);
      expect(message).toMatch(words);
      expect(message).toContain(folder);
      expect(exitCode).toBe(74);
      expect(fs.readdirSync(folder)).toHaveLength(code === 'EIO' ? 1 : 0);
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('in a place that takes no folder ends with 74 before the daemon is asked', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(`${folder}/file`, '');
    expect(await dumpInto(`${folder}/file/below`)).toMatchObject({
      exitCode: 74,
      message: expect.stringContaining('it is not a directory (name another folder with --dump-dir)'),
    });
  });
});

test.each([
  ['EROFS', 'open', 'the filesystem is read-only (name another folder with --dump-dir)'],
  ['EACCES', 'mkdir', 'permission denied (run as root, or name another folder with --dump-dir)'],
  ['ENOSPC', 'link', 'no space left'],
  ['EMFILE', 'open', 'EMFILE: as the kernel says it, open'],
])('%s of %s has words and a way out', (code, syscall, words) => {
  expect(writeTrouble(systemError(code, syscall), '/var/dumps')).toContain(`/var/dumps cannot be written to: ${words}`);
});

test('trouble of a connection is no trouble of the file', () => {
  expect(writeTrouble(systemError('ECONNREFUSED', 'connect'), '/var/dumps')).toBeNull();
  expect(writeTrouble(systemError('EPIPE', 'read'), '/var/dumps')).toBeNull();
  expect(writeTrouble(new Error('no answer'), '/var/dumps')).toBeNull();
});
