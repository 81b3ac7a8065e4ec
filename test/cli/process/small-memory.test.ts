import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../../../src/cli/process/small-memory.ts');
/** Lists that live for a while, and a part of each that lives for longer: every page of the heap gets holes. */
const script = `
import v8 from 'node:v8';
import { keepMemorySmall } from ${JSON.stringify(source)};
keepMemorySmall({ everyMs: 1, largeBytes: Number(process.argv.at(-1)) });
const lists = [];
for (let turn = 0; turn < 60; turn++) {
  lists.push(Array.from({ length: 20_000 }, (_, item) => ({ turn, item, text: turn + '-' + item })));
  if (lists.length > 8) lists[1].push(...lists.shift().filter((_, item) => item % 9 === 0).slice(0, 3000));
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(v8.getHeapStatistics().total_physical_size);
`;

function heapBytes(largeBytes: number): number {
  const flags = ['--single-threaded', '--input-type=module', '--eval', script, '--'];
  return Number(execFileSync(process.execPath, [...flags, String(largeBytes)], { encoding: 'utf8' }));
}

test('a heap with holes takes less memory from the size on that is large for the process', () => {
  expect(heapBytes(22 * 1024 ** 2)).toBeLessThan(heapBytes(1024 ** 4));
});

/** An object that is no longer used, in a program that allocates so little that V8 never collects. */
const quiet = `
import { setTimeout as pause } from 'node:timers/promises';
import { keepMemorySmall } from ${JSON.stringify(source)};
const unused = new WeakRef({});
keepMemorySmall({ afterMs: 1 });
while (unused.deref() !== undefined) await pause(1);
console.log(typeof gc);
`;

test('what loading left is collected once, also when nothing else would start a collection', () => {
  const flags = ['--single-threaded', '--input-type=module', '--eval', quiet];
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('undefined\n');
});
