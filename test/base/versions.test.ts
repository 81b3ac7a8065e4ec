import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, isBefore, isInRange, parseVersion } from '../../src/base/versions.ts';

describe('the version of an engine', () => {
  test.each([
    ['20.10.24+dfsg1', { major: 20, minor: 10, patch: 24, preview: false }],
    ['18.06.3-ce', { major: 18, minor: 6, patch: 3, preview: false }],
    ['1.6.20~ds1', { major: 1, minor: 6, patch: 20, preview: false }],
    ['20.10.25-0ubuntu1~20.04.2', { major: 20, minor: 10, patch: 25, preview: false }],
    ['v2.0.0', { major: 2, minor: 0, patch: 0, preview: false }],
    ['1.13.1', { major: 1, minor: 13, patch: 1, preview: false }],
    ['17.07.0-ce-rc1', { major: 17, minor: 7, patch: 0, preview: true }],
    ['24.0.0-rc.2', { major: 24, minor: 0, patch: 0, preview: true }],
    ['19.03.13-beta2', { major: 19, minor: 3, patch: 13, preview: true }],
    ['28.5', { major: 28, minor: 5, patch: 0, preview: false }],
  ])('%s is read without what a distribution appended', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  test.each(['', 'dev', 'library-import', '1', '1.2.3.4', 'buildkit-0.11'])('of the form %j says nothing', (text) => {
    expect(parseVersion(text)).toBeNull();
    expect(isBefore(text, '20.10.10')).toBeNull();
  });

  test('orders numbers as numbers, and a test release before its release', () => {
    expect(isBefore('20.10.9', '20.10.10')).toBe(true);
    expect(isBefore('20.10.10', '20.10.10')).toBe(false);
    expect(isBefore('20.10.10-rc1', '20.10.10')).toBe(true);
    expect(isBefore('19.03.15', '20.10.10')).toBe(true);
    expect(isBefore('23.0.0', '20.10.10')).toBe(false);
    expect(isBefore(null, '20.10.10')).toBeNull();
  });

  test('is in a range from its first release on, and not in the one that ends it', () => {
    const range = { from: '23.0.0', before: '23.0.7' };
    expect(['22.06.0', '23.0.0', '23.0.6', '23.0.7'].map((version) => isInRange(version, range))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isInRange('dev', range)).toBeNull();
  });

  test('never breaks on any text, and its order is one', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^v?\d{1,3}\.\d{1,3}(\.\d{1,3})?[-+~a-z0-9.]{0,8}$/)),
        (text) => {
          const version = parseVersion(text);
          if (version !== null) expect(compareVersions(version, version)).toBe(0);
        },
      ),
    );
    const number = fc.integer({ min: 0, max: 30 });
    const version = fc.record({ major: number, minor: number, patch: number, preview: fc.boolean() });
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      }),
    );
  });
});
