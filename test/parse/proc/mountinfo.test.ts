import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMount } from '../../../src/parse/proc/mountinfo.ts';
import { anyCharacter, expectNoHang, expectToBear } from '../any-text.ts';

const layer = '0814e41f05c1336f043d6f77dfcc689b067aad1abfdcde356d844028c4a4cc9a';
const overlay =
  `60 42 0:50 / /var/lib/docker/overlay2/${layer}/merged rw,relatime shared:3 - overlay overlay ` +
  `rw,lowerdir=/l/A:/l/B,upperdir=/var/lib/docker/overlay2/${layer}/diff,workdir=/w`;
const nsfs = '114 44 0:4 net:[4026532191] /run/docker/netns/38503be0ea12 rw - nsfs nsfs rw';
const slave = '307 244 7:0 / /var/lib/docker rw,relatime master:1 - ext4 /dev/loop0 rw';
const both =
  '48 25 0:26 / /sys/fs/cgroup/systemd rw,nosuid shared:9 master:4 propagate_from:2 - cgroup cgroup rw,name=systemd';
const escaped =
  '71 27 8:1 /srv/a\\040b /mnt/tab\\011new\\012line\\134back\\040slash ro,noatime - ext4 /dev/disk\\040one rw';
const samples = [overlay, nsfs, slave, both, escaped];

describe('a line of mountinfo', () => {
  test('gives device, place, type, source and options', () => {
    expect(parseMount(overlay)).toEqual({
      device: '0:50',
      root: '/',
      path: `/var/lib/docker/overlay2/${layer}/merged`,
      propagation: 'shared',
      type: 'overlay',
      source: 'overlay',
      superOptions: `rw,lowerdir=/l/A:/l/B,upperdir=/var/lib/docker/overlay2/${layer}/diff,workdir=/w`,
    });
  });

  test('of a namespace kept open by a file has the namespace for a root', () => {
    expect(parseMount(nsfs)).toMatchObject({ root: 'net:[4026532191]', type: 'nsfs', device: '0:4' });
  });

  test('has space, tab, newline and backslash as octal digits', () => {
    expect(parseMount(escaped)).toMatchObject({
      root: '/srv/a b',
      path: '/mnt/tab\tnew\nline\\back slash',
      source: '/dev/disk one',
    });
  });

  test('undoes each escape once', () => {
    expect(parseMount('1 1 8:1 / /a\\134040b rw - ext4 x rw')?.path).toBe('/a\\040b');
  });

  test('keeps the mark of a bind whose source was removed', () => {
    expect(parseMount('1 1 8:1 /srv/x//deleted /mnt rw - ext4 /dev/sda1 rw')?.root).toBe('/srv/x//deleted');
  });

  test.each([
    ['no tag', '', 'private'],
    ['shared', 'shared:1 ', 'shared'],
    ['master', 'master:1 ', 'master'],
    ['shared and master, as unmounts elsewhere reach it', 'shared:3 master:1 ', 'shared'],
    ['a master out of sight', 'master:1 propagate_from:7 ', 'master'],
    ['unbindable', 'unbindable ', 'private'],
    ['a tag of a kernel to come', 'novel:1 master:2 ', 'master'],
  ])('with %s is told so', (_, tags, propagation) => {
    expect(parseMount(`36 35 98:0 /mnt1 /mnt2 rw,noatime ${tags}- ext3 /dev/root rw`)).toMatchObject({
      propagation,
      type: 'ext3',
      source: '/dev/root',
      superOptions: 'rw',
    });
  });

  test('may have nothing for a source', () => {
    expect(parseMount('36 35 0:40 / /x rw - tmpfs  rw,size=1k')).toMatchObject({
      type: 'tmpfs',
      source: '',
      superOptions: 'rw,size=1k',
    });
  });

  test('may be mounted on a place called "-"', () => {
    expect(parseMount('36 35 0:40 - - rw - tmpfs none rw')).toMatchObject({ root: '-', path: '-', type: 'tmpfs' });
  });

  test.each([
    ['nothing', ''],
    ['cut before the dash', '60 42 0:50 / /var/lib/docker rw,relatime shared:3'],
    ['cut after the dash', '60 42 0:50 / /var/lib/docker rw,relatime -'],
  ])('that is %s is none', (_, line) => {
    expect(parseMount(line)).toBeNull();
  });

  test('that is cut after the type still gives the place', () => {
    expect(parseMount('60 42 0:50 / /a rw - overlay')).toMatchObject({ path: '/a', source: '', superOptions: '' });
  });
});

test('what is printed as the kernel prints it is read back the same', () => {
  const text = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 24 });
  const name = fc.oneof(
    text,
    fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\\', '0', '1', '4', '-'), minLength: 1 }),
  );
  const mangle = (path: string): string =>
    path.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  const tags = fc.constantFrom('', 'shared:2 ', 'master:7 ', 'shared:2 master:7 ', 'master:7 propagate_from:2 ');
  fc.assert(
    fc.property(name, name, name, tags, fc.nat(4095), fc.nat(), (root, path, source, tag, major, minor) => {
      const line = `9 8 ${major}:${minor} ${mangle(root)} ${mangle(path)} rw ${tag}- ext4 ${mangle(source)} rw,data=ordered`;
      expect(parseMount(line)).toEqual({
        device: `${major}:${minor}`,
        root,
        path,
        propagation: tag.startsWith('shared') ? 'shared' : tag === '' ? 'private' : 'master',
        type: 'ext4',
        source,
        superOptions: 'rw,data=ordered',
      });
    }),
    { numRuns: 1000 },
  );
});

test('any text gives a mount or null', () => expectToBear(parseMount, samples));

test('no text takes long', () => expectNoHang(parseMount, [...samples, ' - ', '\\040']));
