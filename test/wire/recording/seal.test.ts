import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealLines, sealOf } from '../../../src/wire/recording/seal.ts';

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), { maxLength: 4 });
const textOf = (list: readonly object[]): string => list.map((one) => `${JSON.stringify(one)}\n`).join('');

test('a sealed line is the same object with its checksum, and is known as right', () => {
  fc.assert(
    fc.property(objects, (list) => {
      const lines = sealLines(textOf(list)).split('\n').slice(0, -1);
      expect(lines).toHaveLength(list.length);
      for (const [i, line] of lines.entries()) {
        expect(sealOf(line)).toBe('right');
        expect(JSON.parse(line)).toMatchObject(JSON.parse(JSON.stringify({ ...list[i], crc32: undefined })));
      }
    }),
  );
});

test('a line that was changed in one character is wrong or has no seal', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 1 }),
      (object, place, other) => {
        const line = sealLines(`${JSON.stringify(object)}\n`).slice(0, -1);
        const at = place % line.length;
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        fc.pre(changed !== line);
        expect(sealOf(changed)).not.toBe('right');
      },
    ),
  );
});

test('a line of the plain stream has none, whatever it holds', () => {
  expect(sealOf('{"v":1}')).toBe('none');
  expect(sealOf('')).toBe('none');
  expect(sealOf(`{"name":",\\"crc32\\":1}","x":"${'y'.repeat(30)}"}`)).toBe('none');
});
