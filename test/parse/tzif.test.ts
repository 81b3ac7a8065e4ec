import { expect, test } from 'vitest';
import { parseZoneNames } from '../../src/parse/tzif.ts';
import { expectToBear } from './any-text.ts';

/** A file as tzfile(5) describes it: what RFC 8536 calls a block, of version 1 or 2. */
function block(
  version: 1 | 2,
  types: readonly (readonly [name: string, minutes: number])[],
  order: readonly number[],
): Buffer {
  const timeBytes = version === 1 ? 4 : 8;
  const texts = types.map(([name]) => `${name}\0`);
  const header = Buffer.alloc(44);
  header.write('TZif2');
  header.writeUInt32BE(order.length, 32);
  header.writeUInt32BE(types.length, 36);
  header.writeUInt32BE(texts.join('').length, 40);
  const records = types.map(([, minutes], index) => {
    const record = Buffer.alloc(6);
    record.writeInt32BE(minutes * 60);
    record.writeUInt8(texts.slice(0, index).join('').length, 5);
    return record;
  });
  return Buffer.concat([
    header,
    Buffer.alloc(order.length * timeBytes),
    Buffer.from(order),
    ...records,
    Buffer.from(texts.join('')),
  ]);
}

const shanghai = [
  ['LMT', 486],
  ['CDT', 540],
  ['CST', 480],
] as const;

test('offsets have the names of a zone', () => {
  const names = parseZoneNames(block(1, shanghai, [2, 1, 2]));
  expect([...names]).toEqual([
    [540, 'CDT'],
    [480, 'CST'],
  ]);
});

test('of two names the one that was used last counts', () => {
  const moscow = [
    ['MSK', 180],
    ['MSD', 240],
    ['MSK', 240],
  ] as const;
  expect(parseZoneNames(block(1, moscow, [0, 1, 0, 2, 0])).get(240)).toBe('MSK');
});

test('a slim file has them in its second block', () => {
  expect(parseZoneNames(Buffer.concat([block(1, [], []), block(2, shanghai, [2])])).get(480)).toBe('CST');
});

test('a number is not a name', () => {
  expect(parseZoneNames(block(1, [['+08', 480]], [0])).size).toBe(0);
});

test('a file that is cut off, or none, has no names', () => {
  const whole = block(1, shanghai, [2]);
  for (let length = 0; length < whole.length; length++) {
    expect(parseZoneNames(whole.subarray(0, length)).size, String(length)).toBe(0);
  }
});

test('any text gives an answer', () => expectToBear((text) => parseZoneNames(Buffer.from(text)), ['TZif2', 'TZif\0']));
