import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { executable, reportStart, version } from './release.ts';
import { OtherRoot, runCommand } from './root.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-packed-'));
  file = path.join(folder, 'rtwatch');
  fs.copyFileSync(`${executable()}-packed`, file);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const start = (env: NodeJS.ProcessEnv = {}) => runCommand([file, '--version'], env);
const works = { status: 0, stdout: `${version}\n`, stderr: '' };
const unpackedIn = (place: string): string[] => fs.readdirSync(place).filter((name) => name.startsWith('.rtwatch-'));

describe('the packed executable', () => {
  test('unpacks beside itself, to the bytes of the other, and uses that again', () => {
    expect(start()).toEqual(works);
    const [name = ''] = unpackedIn(folder);
    const unpacked = path.join(folder, name);
    expect(fs.readFileSync(unpacked).equals(fs.readFileSync(executable()))).toBe(true);
    expect(fs.statSync(unpacked).mode & 0o777).toBe(0o700);
    const { ino } = fs.statSync(unpacked);
    expect(start()).toEqual(works);
    expect(unpackedIn(folder)).toEqual([name]);
    expect(fs.statSync(unpacked).ino).toBe(ino);
  });

  test.each([
    ['others can write to it', (unpacked: string) => fs.chmodSync(unpacked, 0o777)],
    ['it belongs to another user', (unpacked: string) => fs.chownSync(unpacked, 12_345, 12_345)],
    ['it is cut off', (unpacked: string) => fs.truncateSync(unpacked, 1000)],
    ['it is a link', (unpacked: string) => fs.symlinkSync('/bin/false', unpacked)],
  ])('does not run what it finds where %s, but unpacks again', (_, spoil) => {
    start();
    const unpacked = path.join(folder, unpackedIn(folder)[0] ?? '');
    if (spoil.toString().includes('symlink')) fs.rmSync(unpacked);
    spoil(unpacked);
    expect(start()).toEqual(works);
    const stat = fs.lstatSync(unpacked);
    expect([stat.isFile(), stat.mode & 0o777, stat.uid]).toEqual([true, 0o700, process.getuid?.()]);
  });

  test('unpacks to memory where its folder is read-only, leaving no file', () => {
    const root = new OtherRoot({ readOnly: true });
    try {
      root.copy(file, 'rtwatch');
      expect(root.run(['/rtwatch', '--version'])).toEqual(works);
      expect(unpackedIn(root.path)).toEqual([]);
    } finally {
      root.close();
    }
  });

  test('leaves no file when it is killed while it unpacks', () => {
    // Past the limit, in blocks of 512 bytes, the kernel kills it with SIGXFSZ: in the middle of a write, however fast the machine is.
    const script = 'ulimit -c 0; ulimit -f 20000; exec "$0" --version';
    const { status, signal, stdout } = spawnSync('sh', ['-c', script, file], { encoding: 'utf8', timeout: 120_000 });
    expect({ status, signal, stdout }).toEqual({ status: null, signal: 'SIGXFSZ', stdout: '' });
    expect(unpackedIn(folder)).toEqual([]);
  });

  test('leaves no file in a folder that is mounted noexec', () => {
    const root = new OtherRoot({ noexecTmp: true });
    try {
      root.copy(file, 'rtwatch');
      root.copy('/bin/busybox', 'bin/busybox');
      const script = '/rtwatch --version; /bin/busybox ls -A /run';
      const ended = root.run(['/bin/busybox', 'sh', '-c', script], { RTWATCH_UNPACK: '/run' });
      expect(ended).toEqual({ status: 0, stdout: '', stderr: expect.stringContaining('RTWATCH_UNPACK') });
    } finally {
      root.close();
    }
  });

  test('unpacks to memory or another folder, as RTWATCH_UNPACK says', () => {
    const other = path.join(folder, 'other');
    fs.mkdirSync(other);
    expect(start({ RTWATCH_UNPACK: 'memory' })).toEqual(works);
    expect(unpackedIn(folder)).toEqual([]);
    expect(start({ RTWATCH_UNPACK: other })).toEqual(works);
    expect([unpackedIn(folder).length, unpackedIn(other).length]).toEqual([0, 1]);
    expect(start({ RTWATCH_UNPACK: path.join(folder, 'absent') })).toMatchObject({
      status: 70,
      stderr: expect.stringContaining('RTWATCH_UNPACK'),
    });
  });

  test('from memory, the sampler is started from memory too', () => {
    const { stdout, stderr } = runCommand([file, 'check'], { RTWATCH_UNPACK: 'memory' });
    expect(stdout, stderr).toMatch(reportStart);
  });

  test('says so when it was damaged, and leaves nothing', () => {
    const fd = fs.openSync(file, 'r+');
    fs.writeSync(fd, Buffer.alloc(1000, 0x55), 0, 1000, 20_000_000);
    fs.closeSync(fd);
    expect(start()).toMatchObject({ status: 70, stderr: expect.stringContaining('damaged') });
    expect(unpackedIn(folder)).toEqual([]);
  });
});
