import fs from 'node:fs';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { contentOf, howToRead } from '../../../src/collect/logs/content.ts';

const line = 'Nov 21 12:00:00 node kernel: nfs: server 10.0.0.9 not responding, still trying\n';
const zeros = (count: number): Buffer => Buffer.alloc(count);

test.each([
  ['a log', Buffer.from(line)],
  ['nothing', zeros(0)],
  ['a log with colours', Buffer.from(`\x1b[31m${line}\x1b[0m`)],
  ['Latin-1', Buffer.from(line.replace('node', 'kn\u00fcpfel'), 'latin1')],
  ['a log that begins with zeros, as after a power failure', Buffer.concat([zeros(4096), Buffer.from(line)])],
  ['a log that ends with zeros', Buffer.concat([Buffer.from(line), zeros(4096)])],
  ['a log with a run of zeros', Buffer.concat([Buffer.from(line), zeros(300), Buffer.from(line.repeat(3))])],
])('%s is a text', (_, bytes) => {
  expect(contentOf(bytes)).toBe('text');
  expect(howToRead('text')).toBeNull();
});

test('UTF-16 without its mark is read as such', () => {
  expect(contentOf(Buffer.from(line, 'utf16le'))).toBe('utf16le');
});

test('packed bytes without a name for them, and programs, are no text', () => {
  const packed = zlib.deflateRawSync(Buffer.from(Array.from({ length: 9000 }, (_, n) => `${n * n} `).join('')));
  expect(contentOf(packed)).toBe('binary');
  expect(howToRead('binary')).toContain('rtwatch goroutines FILE');
  expect(contentOf(fs.readFileSync(process.execPath).subarray(0, 65_536))).toBe('binary');
});

test('what cannot be read says which command makes a text of it', () => {
  const tar = Buffer.concat([zeros(257), Buffer.from('ustar'), zeros(250)]);
  expect(howToRead(contentOf(tar))).toContain('tar -xOf FILE NAME | rtwatch logs -');
  expect(howToRead(contentOf(Buffer.from('PK\x03\x04')))).toContain('unzip -p FILE NAME | rtwatch logs -');
  expect(howToRead(contentOf(Buffer.from('LPKSHHRH')))).toContain('journalctl --file FILE -o json | rtwatch logs -');
  expect(howToRead(contentOf(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])))).toContain('xzcat FILE | rtwatch logs -');
  expect(howToRead(contentOf(zlib.gzipSync(line)))).toBeNull();
});
