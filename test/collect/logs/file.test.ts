import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LogFile } from '../../../src/collect/logs/file.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Tree } from '../../support/world.ts';

const name = 'var/log/messages';
const mebibyte = 1024 ** 2;

function open(text: string | null = '') {
  const tree = new Tree();
  fs.mkdirSync(path.join(tree.rootfs, 'var/log'), { recursive: true });
  if (text !== null) tree.write(name, text);
  const file = path.join(tree.rootfs, name);
  const world = tree.world();
  const blocks: string[] = [];
  const log = new LogFile(world, file, (block) => blocks.push(block.toString()));
  return {
    tree,
    world,
    file,
    log,
    add: (more: string | Buffer) => fs.appendFileSync(file, more),
    /** The lines that came since the last poll. */
    look: () => {
      for (let steps = 0; log.step() && steps < 50; steps++);
      return blocks.splice(0).flatMap((block) => block.split('\n'));
    },
    progress: () => okValue(log.reading),
  };
}

test('what is in a log already is read, then what it grows by', () => {
  const { look, add, progress } = open('one\ntwo\n');
  expect(look()).toEqual(['one', 'two']);
  expect(look()).toEqual([]);
  add('three\n');
  expect(look()).toEqual(['three']);
  expect(progress()).toEqual({ lines: 3, bytes: 14, skippedBytes: 0 });
});

test('a line is reported when it is whole, even when it was cut within a character', () => {
  const { look, add } = open('a\n');
  const bytes = Buffer.from('größe\n');
  add(bytes.subarray(0, 3));
  expect(look()).toEqual(['a']);
  add(bytes.subarray(3));
  expect(look()).toEqual(['größe']);
});

test('of a long past the last four mebibytes are read, from the first whole line', () => {
  const line = `${'x'.repeat(1022)}\n`;
  const { look, progress } = open(line.repeat(6000));
  const lines = look();
  expect(new Set(lines)).toEqual(new Set([line.trim()]));
  expect(lines).toHaveLength(Math.floor((4 * mebibyte) / line.length));
  expect(progress()?.skippedBytes).toBe(6000 * line.length - 4 * mebibyte);
});

test('a flood between two polls is passed over up to its newest mebibyte, and reported', () => {
  const { look, add, progress } = open('one\n');
  look();
  add(`${'x'.repeat(1023)}\n`.repeat(8 * 1024));
  add('last\n');
  const lines = look();
  expect(lines.at(-1)).toBe('last');
  expect(lines.length).toBeLessThanOrEqual(1025);
  expect(progress()?.skippedBytes).toBe(7 * mebibyte + 5);
});

describe('rotation', () => {
  test('by a new file: the old one is read to its end, then the new one from its beginning', () => {
    const { look, add, file, tree } = open('one\n');
    look();
    add('two\n');
    fs.renameSync(file, `${file}.1`);
    fs.appendFileSync(`${file}.1`, 'three\n');
    tree.write(name, 'four\n');
    expect(look()).toEqual(['two', 'three', 'four']);
    add('five\n');
    expect(look()).toEqual(['five']);
  });

  test('that has not made the new file yet is no failure', () => {
    const { look, add, file, tree, log } = open('one\n');
    look();
    fs.renameSync(file, `${file}.1`);
    expect(look()).toEqual([]);
    expect(log.reading.status).toBe('ok');
    tree.write(name, 'two\n');
    expect(look()).toEqual(['two']);
    add('three\n');
    expect(look()).toEqual(['three']);
  });

  test('by cutting the file: it is read from its beginning', () => {
    const { look, add, file } = open('one\ntwo\nhalf a li');
    look();
    fs.truncateSync(file);
    add('four\n');
    expect(look()).toEqual(['four']);
  });
});

describe('a log that is not there', () => {
  test('fails with words, and is read whole when it appears', () => {
    const { look, log, tree, file } = open(null);
    expect(look()).toEqual([]);
    expect(log.reading).toEqual({ status: 'failed', detail: `${file} is not there; it is read as soon as it appears` });
    tree.write(name, 'one\n');
    expect(look()).toEqual(['one']);
    expect(log.reading.status).toBe('ok');
  });
});

test('a log that may not be read says who may', () => {
  const { look, log, file } = open('one\n');
  fs.chmodSync(file, 0o000);
  asNobody(file, () => expect(look()).toEqual([]));
  expect(log.reading).toEqual({ status: 'failed', detail: `${file}: permission denied (run as root)` });
  fs.chmodSync(file, 0o600);
  expect(look()).toEqual(['one']);
});

/** Root may read everything; it gives up its rights, but not to see the folder. */
function asNobody(file: string, act: () => void): void {
  if (process.geteuid?.() !== 0) {
    act();
    return;
  }
  for (let folder = path.dirname(file); folder !== os.tmpdir(); folder = path.dirname(folder))
    fs.chmodSync(folder, 0o755);
  process.seteuid?.(65_534);
  try {
    act();
  } finally {
    process.seteuid?.(0);
  }
}

test.each(['/dev/null', '/tmp'])('%s is no log', (special) => {
  const log = new LogFile(open().world, special, () => {});
  log.step();
  expect(log.reading).toEqual({ status: 'failed', detail: `${special} is not a regular file` });
});

test('reads are announced by name, and one that hung before is skipped', () => {
  const { world, look, file, add, log } = open('one\n');
  const announced: string[] = [];
  world.onRiskyRead = (read) => announced.push(read);
  look();
  expect(announced).toEqual([file, file]);
  look();
  expect(announced).toHaveLength(2);
  world.avoided.push(file);
  add('two\n');
  expect(look()).toEqual([]);
  expect(log.reading).toEqual({ status: 'failed', detail: `${file} hung before and is not read` });
});

test('a line without end is cut at 64 KiB, and the next one is whole', () => {
  const { look, add } = open(`${'x'.repeat(100_000)}`);
  expect(look().map((line) => line.length)).toEqual([65_536]);
  add(`${'y'.repeat(3 * mebibyte)}\nnext\n`);
  expect(look()).toEqual(['next']);
});

test('closing leaves no descriptor behind', () => {
  const before = fs.readdirSync('/dev/fd').length;
  for (let i = 0; i < 10; i++) {
    const { look, log, file, tree } = open('one\n');
    look();
    fs.renameSync(file, `${file}.1`);
    tree.write(name, 'two\n');
    look();
    log.close();
  }
  expect(fs.readdirSync('/dev/fd')).toHaveLength(before);
});

test('any bytes are read', () => {
  const { look, add } = open('');
  add(Buffer.from([0, 255, 254, 10, 10, 13, 10, 0xed, 0xa0, 0x80, 10]));
  expect(look()).toHaveLength(4);
});

describe('a log that logrotate packed', () => {
  test.each([
    ['gzip', (text: string) => zlib.gzipSync(text)],
    ['zstd', (text: string) => zlib.zstdCompressSync(text)],
  ])('by %s is unpacked, whatever its name', async (_, pack) => {
    const { look, log, file, progress } = open();
    fs.writeFileSync(file, pack('one\ntwo'));
    expect(look()).toEqual([]);
    expect(log.reading).toMatchObject({ status: 'pending', detail: expect.stringContaining('being unpacked') });
    await waitFor('the unpacked log', () => progress() !== null);
    expect(look()).toEqual(['one', 'two']);
    expect(look()).toEqual([]);
  });

  test('is read from its end where it is long', async () => {
    const { look, file, progress } = open();
    const lines = Array.from({ length: 9 * 16 }, (_, n) => `${n} ${'x'.repeat(64 * 1024 - 10)}`);
    fs.writeFileSync(file, zlib.gzipSync(`${lines.join('\n')}\n`));
    look();
    await waitFor('the unpacked log', () => progress() !== null);
    const read = look();
    expect(read.at(-1)?.startsWith('143 ')).toBe(true);
    expect(read.length).toBeLessThan(90);
    expect(progress()?.skippedBytes).toBeGreaterThan(3 * mebibyte);
  });

  test('and is damaged, or packed in another way, says so', async () => {
    const { look, log, file } = open();
    fs.writeFileSync(file, zlib.gzipSync('one\n'.repeat(1000)).subarray(0, 30));
    look();
    await waitFor('the failure', () => log.reading.status === 'failed');
    expect(log.reading).toMatchObject({ detail: expect.stringContaining('unexpected end of file') });
    const other = open();
    fs.writeFileSync(other.file, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]));
    other.look();
    expect(other.log.reading).toMatchObject({ detail: expect.stringContaining('packed by xz') });
  });
});

describe('what is no plain text', () => {
  test('is refused with what to do, at each poll, and read once a log has its name', () => {
    const { log, look, file, tree } = open();
    fs.writeFileSync(file, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4, 1, 2]));
    for (let poll = 0; poll < 3; poll++) {
      expect(look()).toEqual([]);
      expect(log.reading).toMatchObject({
        status: 'failed',
        detail: `${file} is packed by xz. Run: xzcat FILE | rtwatch logs -`,
      });
    }
    fs.renameSync(file, `${file}.xz`);
    tree.write(name, 'one\n');
    expect(look()).toEqual(['one']);
    expect(log.reading.status).toBe('ok');
  });

  test('but UTF-16 is read, also what it grows by', () => {
    const { look, add, file } = open();
    fs.writeFileSync(file, Buffer.from('\ufeffone Größe\n', 'utf16le'));
    expect(look()).toEqual(['one Größe']);
    const more = Buffer.from('two\n', 'utf16le');
    add(more.subarray(0, 3));
    expect(look()).toEqual([]);
    add(more.subarray(3));
    expect(look()).toEqual(['two']);
  });

  test('for a run of zeros, as a power failure leaves it, is read beside it', () => {
    const { look } = open(`${'\0'.repeat(5000)}one\ntwo\n`);
    expect(look()).toEqual(['one', 'two']);
  });

  test('entries over several lines become a line each', () => {
    const { look, file } = open();
    const entry = { __REALTIME_TIMESTAMP: '1795262405123456', MESSAGE: 'one' };
    fs.writeFileSync(file, JSON.stringify([entry, { ...entry, MESSAGE: 'two' }], null, 2));
    expect(look().map((line) => (JSON.parse(line) as typeof entry).MESSAGE)).toEqual(['one', 'two']);
    fs.writeFileSync(file, '');
    look();
    fs.writeFileSync(file, 'three\n');
    expect(look()).toEqual(['three']);
  });

  test('in what was packed is refused as well', async () => {
    const { log, look, file } = open();
    fs.writeFileSync(file, zlib.gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(250)])));
    look();
    await waitFor('the refusal', () => log.reading.status === 'failed');
    look();
    expect(log.reading).toMatchObject({ status: 'failed' });
    expect(log.reading.status === 'failed' && log.reading.detail).toContain('it holds a tar archive');
  });
});
