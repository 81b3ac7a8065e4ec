import { describe, expect, test } from 'vitest';
import { findingKeys } from '../../../src/rules/engine/finding-identity.ts';
import { finding } from '../../support/findings.ts';
import { idOf } from '../../support/samples.ts';

const containers = ['c', 'a', 'b'].map(idOf);
const one = finding('leaked-mount', { containers, pids: [7], mounts: ['/data'] });

describe('the key of a finding', () => {
  test('stays while its words and pids change', () => {
    const later = { ...one, title: 'other', subjects: { ...one.subjects, pids: [9] } };
    expect(findingKeys([later])).toEqual(findingKeys([one]));
  });

  test('does not depend on the order in which things are listed', () => {
    const listed = finding('leaked-mount', { containers: containers.toReversed(), pids: [7], mounts: ['/data'] });
    expect(findingKeys([listed])).toEqual(findingKeys([one]));
    expect(findingKeys([one])).toEqual([`leaked-mount ${idOf('a')} /data`]);
  });

  test('of a cause, and of the pressure of the node, does not change with what it holds up', () => {
    const frozen = (letters: string) =>
      finding('frozen-filesystem', { containers: [idOf(letters)], mounts: ['/data'], devices: ['/dev/loop0'] });
    expect(findingKeys([frozen('a')])).toEqual(findingKeys([frozen('b')]));
    const pressure = (device: string) => finding('io-pressure', { devices: [device] });
    expect(findingKeys([pressure('/dev/vda')])).toEqual(findingKeys([pressure('/dev/vdb')]));
    const locked = (of: readonly string[]) =>
      finding('container-status-lock', { containers: [...of], daemons: ['containerd'] });
    expect(findingKeys([locked([])])).toEqual(findingKeys([locked([idOf('a')])]));
  });

  test('is its first pid where it is about nothing else', () => {
    expect(findingKeys([finding('blocked-process', { pids: [7, 8] })])).toEqual(['blocked-process 7']);
    expect(findingKeys([finding('io-pressure')])).toEqual(['io-pressure']);
  });

  test('is one finding’s alone, distinguished by the pid and not by the place in the list', () => {
    const blocked = (pid: number) => finding('blocked-process', { containers: [idOf('a')], pids: [pid] });
    const keys = findingKeys([blocked(7), blocked(8)]);
    expect(new Set(keys).size).toBe(2);
    expect(findingKeys([blocked(8), blocked(7)])).toEqual(keys.toReversed());
    expect(new Set(findingKeys([one, one, one, blocked(7)])).size).toBe(4);
  });
});
