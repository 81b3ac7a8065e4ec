import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** `toEqual` for large values: it takes a hundredth of the time when they are the same, and says what differs when they are not. */
export function expectSame<T>(actual: T, expected: T, what?: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected);
}
