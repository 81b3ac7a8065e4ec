import { expect, test } from 'vitest';
import { LogDigest } from '../../../src/parse/log/digest.ts';
import type { LogClock } from '../../../src/parse/log/time.ts';

const clock: LogClock = { nowMs: Date.UTC(2026, 10, 21, 12), utcOffsetMinutes: 0, bootAtMs: null };
const undated = 'Nov 20 06:42:01 node-7 dockerd[800]: hello';
const dated = 'Nov 20 06:42:01 node-7 dockerd[800]: time="2019-11-20T06:42:01Z" level=info msg=hello';
const first = Date.UTC(2026, 10, 20, 6, 42, 1);

function digestOf(...blocks: string[]) {
  const digest = new LogDigest({ container: null, since: null, until: null });
  for (const text of blocks) digest.add({ bytes: new TextEncoder().encode(text), lines: 1 }, 'a.log', null, clock);
  return digest.summary();
}

test('a log whose first blocks do not tell the year has it from the block that does', () => {
  expect(digestOf(undated).from).toBe(first);
  expect(digestOf(`${dated}\n${undated}`).from).toBe(Date.UTC(2019, 10, 20, 6, 42, 1));
});

test('a log without the year in many blocks is searched for it in one of sixteen', () => {
  const many = Array.from({ length: 20 }, () => undated);
  expect(digestOf(...many, ...Array.from({ length: 16 }, () => `${undated}\n${dated}\n${undated}`)).from).toBe(
    Date.UTC(2019, 10, 20, 6, 42, 1),
  );
});
