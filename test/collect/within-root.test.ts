import fs from 'node:fs';
import { expect, test } from 'vitest';
import { readRegular } from '../../src/collect/regular-file.ts';
import { resolveWithin, textOf, withFolder } from '../../src/collect/within-root.ts';
import { temporaryFolder } from '../support/world.ts';

function rootWithLinks(): string {
  const root = temporaryFolder();
  fs.mkdirSync(`${root}/etc/real`, { recursive: true });
  fs.symlinkSync('/etc', `${root}/absolute`);
  fs.symlinkSync('../../../../etc', `${root}/etc/upward`);
  fs.symlinkSync('loop', `${root}/loop`);
  return root;
}

test.each([
  ['/absolute/real', '/etc/real'],
  ['/etc/upward/real', '/etc/real'],
  ['/../../etc/./real', '/etc/real'],
  ['/absolute/missing/file', '/etc/missing/file'],
  ['/loop', '/loop'],
])('%s leads to %s of its root, whatever links there are', (path, expected) => {
  const root = rootWithLinks();
  expect(textOf(resolveWithin(root, path))).toBe(`${root}${expected}`);
});

test('a link that takes the place of a folder after all was resolved is not followed', () => {
  const root = rootWithLinks();
  const within = resolveWithin(root, '/etc/real');
  expect(withFolder(within, (folder) => fs.readdirSync(folder))).toEqual([]);
  fs.rmdirSync(`${root}/etc/real`);
  fs.symlinkSync('/etc', `${root}/etc/real`);
  expect(() => withFolder(within, (folder) => fs.readdirSync(folder))).toThrow(
    expect.objectContaining({ code: 'ENOTDIR' }),
  );
});

test('no descriptor is left open, neither where all is there nor where something is missing', () => {
  const root = rootWithLinks();
  const before = fs.readdirSync('/proc/self/fd').length;
  for (let count = 0; count < 20; count++) {
    withFolder(resolveWithin(root, '/etc/real'), () => null);
    expect(() => withFolder(resolveWithin(root, '/none/x'), () => null)).toThrow();
  }
  expect(fs.readdirSync('/proc/self/fd')).toHaveLength(before);
});

test('only a regular file is read, and none that is too long', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(`${folder}/file`, 'text');
  expect(readRegular(`${folder}/file`)).toBe('text');
  expect(readRegular(`${folder}/file`, 3)).toBeNull();
  expect(readRegular('/dev/zero')).toBeNull();
  expect(readRegular(folder)).toBeNull();
  expect(() => readRegular(`${folder}/none`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
