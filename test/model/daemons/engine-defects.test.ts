import { describe, expect, test } from 'vitest';
import { defectsOf } from '../../../src/model/daemons/engine-defects.ts';

describe('the known defects', () => {
  const ids = (daemon: string, version: string | null): string[] => defectsOf(daemon, version).map(({ id }) => id);

  test.each([
    [
      '17.03.2-ce',
      ['unbounded-stop-wait', 'exit-without-deadline', 'private-storage-home', 'list-takes-locks', 'forgotten-removal'],
    ],
    ['17.12.1-ce', ['unbounded-stop-wait', 'exit-without-deadline']],
    ['18.02.0-ce', ['unbounded-stop-wait', 'exit-without-deadline', 'private-storage-home']],
    ['18.06.3-ce', ['unbounded-stop-wait', 'exit-without-deadline', 'output-without-deadline']],
    ['19.03.15', ['unbounded-stop-wait', 'exit-without-deadline']],
    ['20.10.9', ['unbounded-stop-wait']],
    ['20.10.10', []],
    ['20.10.24+dfsg1', []],
    ['23.0.6', ['disconnect-kills']],
    ['24.0.2', ['disconnect-kills']],
    ['24.0.3', []],
    ['29.7.2', []],
  ])('of dockerd %s are those of its releases', (version, expected) => {
    expect(ids('dockerd', version)).toEqual(expected);
  });

  test('of containerd are those before it could mount volatile', () => {
    expect(
      ['1.6.20~ds1', '1.6.24', '1.7.3', '1.7.4', '2.1.0'].map((version) => ids('containerd', version).length),
    ).toEqual([1, 0, 1, 0, 0]);
  });

  test('of CRI-O are those before its repeated stops were repaired', () => {
    const ids = (version: string): string[] => defectsOf('crio', version).map(({ id }) => id);
    for (const version of ['1.29.4', '1.31.10', '1.32.6', '1.33.2'])
      expect(ids(version)).toEqual(['repeated-stop-deadlock']);
    for (const version of ['1.31.11', '1.32.7', '1.33.3', '1.34.0', '1.36.3']) expect(ids(version)).toEqual([]);
  });

  test('are none where the version is not known', () => {
    expect(ids('dockerd', null)).toEqual([]);
    expect(ids('dockerd', 'dev')).toEqual([]);
    expect(ids('other', '1.0.0')).toEqual([]);
  });
});
