import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { Archive, CannotWrite } from '../../../src/capture/bundle/archive.ts';
import { filesOf } from '../../cli/bundle-node.ts';
import { temporaryFolder } from '../../support/world.ts';

const at = new Date('2026-11-21T12:00:05.006Z');
const partialName = 'rtwatch-2026-11-21T12-00-05-006Z.tar.gz.partial';

describe('an archive', () => {
  test('holds what was put in, also files of many pieces and long names', async () => {
    const archive = Archive.open(temporaryFolder(), 'gz', at);
    archive.nameAfter('node-1');
    const large = Buffer.alloc(10 * 1024 * 1024 + 7, 'abcdefg');
    const name = `containers/${'a'.repeat(64)}/${'b'.repeat(150)}/${'c'.repeat(64)}.json`;
    await archive.add('empty', new Uint8Array());
    await archive.add('large', large);
    await archive.add(name, Buffer.from('{}'));
    const { path } = await archive.finish();
    expect(path).toMatch(/\/rtwatch-node-1-2026-11-21T12-00-05-006Z\.tar\.gz$/);
    const files = await filesOf(path);
    expect([...files.keys()]).toEqual(['empty', 'large', name]);
    expect(files.get('large')?.text === large.toString()).toBe(true);
  });

  test('is named after a host whatever its name holds', async () => {
    const archive = Archive.open(temporaryFolder(), 'gz', at);
    archive.nameAfter('../..\u001b[31m/etc');
    const { path } = await archive.finish();
    expect(path).toMatch(/\/rtwatch-\.\._\.\.__31m_etc-2026-11-21T12-00-05-006Z\.tar\.gz$/);
  });

  test('ends in .partial until it is whole', async () => {
    const folder = temporaryFolder();
    const archive = Archive.open(folder, 'gz', at);
    await archive.add('file', Buffer.from('text'));
    expect(fs.readdirSync(folder)).toEqual([partialName]);
    archive.abandon();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('never replaces a file, and takes its half away', async () => {
    const folder = temporaryFolder();
    const archive = Archive.open(folder, 'gz', at);
    archive.nameAfter('n');
    const there = `${folder}/rtwatch-n-2026-11-21T12-00-05-006Z.tar.gz`;
    fs.writeFileSync(there, 'mine');
    await expect(archive.finish()).rejects.toThrow(/file exists; not overwriting/);
    archive.abandon();
    expect(fs.readFileSync(there, 'utf8')).toBe('mine');
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });

  test('is never written through a link', () => {
    const folder = temporaryFolder();
    const elsewhere = `${temporaryFolder()}/elsewhere`;
    fs.symlinkSync(elsewhere, `${folder}/${partialName}`);
    expect(() => Archive.open(folder, 'gz', at)).toThrow(CannotWrite);
    expect(fs.existsSync(elsewhere)).toBe(false);
  });

  test('gets its name also where there are no hard links', async () => {
    const archive = Archive.open(temporaryFolder(), 'gz', at);
    await archive.add('file', Buffer.from('text'));
    const spy = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    const { path } = await archive.finish();
    spy.mockRestore();
    expect((await filesOf(path)).get('file')?.text).toBe('text');
  });
});
