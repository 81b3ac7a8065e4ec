import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUnitFile } from '../../../src/parse/systemd/unit-file.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const docker = `[Unit]
Description=Docker Application Container Engine
After=network-online.target docker.socket firewalld.service \\
  containerd.service
; the old way

[Service]
# the default is not to use systemd for cgroups
ExecStart=/usr/bin/dockerd -H fd:// \\
# a comment between
  --containerd=/run/containerd/containerd.sock
MountFlags = slave
KillMode=process
`;

describe('a unit file', () => {
  test('gives its assignments with their sections, in order', () => {
    expect(parseUnitFile(docker)).toEqual([
      { section: 'Unit', key: 'Description', value: 'Docker Application Container Engine' },
      {
        section: 'Unit',
        key: 'After',
        value: 'network-online.target docker.socket firewalld.service    containerd.service',
      },
      {
        section: 'Service',
        key: 'ExecStart',
        value: '/usr/bin/dockerd -H fd://    --containerd=/run/containerd/containerd.sock',
      },
      { section: 'Service', key: 'MountFlags', value: 'slave' },
      { section: 'Service', key: 'KillMode', value: 'process' },
    ]);
  });

  test('may assign nothing, which resets', () => {
    expect(parseUnitFile('[Service]\nMountFlags=\n')).toEqual([{ section: 'Service', key: 'MountFlags', value: '' }]);
  });

  test('may have the equals sign in its values, and lines of Windows', () => {
    expect(parseUnitFile('[Service]\r\nEnvironment=A=b C=d\r\n')).toEqual([
      { section: 'Service', key: 'Environment', value: 'A=b C=d' },
    ]);
  });

  test('may end in the middle of a line that goes on', () => {
    expect(parseUnitFile('[Service]\nKillMode=process \\')).toEqual([
      { section: 'Service', key: 'KillMode', value: 'process' },
    ]);
  });

  test('may have lines that are no assignment', () => {
    expect(parseUnitFile('=x\nnothing\n[Service\n')).toEqual([]);
  });
});

test('what is written as systemd writes it is read back the same', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,12}$/);
  const value = fc.stringMatching(/^(?:[!-Z^-~](?:[ -Z^-~]{0,20}[!-Z^-~])?)?$/);
  const assignment = fc.record({ section: word, key: word, value });
  fc.assert(
    fc.property(fc.array(assignment, { maxLength: 8 }), (assignments) => {
      const text = assignments.map(({ section, key, value: v }) => `[${section}]\n# note\n${key}=${v}\n`).join('\n');
      expect(parseUnitFile(text)).toEqual(assignments);
    }),
    { numRuns: 500 },
  );
});

const samples = [docker, '[Service]\nMountFlags=\n'];

test('any text gives assignments', () => expectToBear(parseUnitFile, samples));

test('no text takes long', () => expectNoHang(parseUnitFile, [...samples, '\\\n', '[', '=', '#', 'a=']));
