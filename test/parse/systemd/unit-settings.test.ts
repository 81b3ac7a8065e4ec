import { describe, expect, test } from 'vitest';
import { parseUnitSettings } from '../../../src/parse/systemd/unit-settings.ts';
import { expectToBear } from '../any-text.ts';

const settings = (...texts: string[]) =>
  parseUnitSettings(
    'docker.service',
    texts.map((text, index) => ({ path: `/etc/${index}`, text: `[Service]\n${text}\n` })),
  );

describe('of a unit file and its drop-ins', () => {
  test('give the settings that decide about mounts, and where they are', () => {
    expect(settings('MountFlags=slave\nKillMode=process', 'PrivateTmp=yes')).toEqual({
      unit: 'docker.service',
      mountFlags: 'slave',
      namespaced: ['PrivateTmp'],
      killMode: 'process',
      files: ['/etc/0', '/etc/1'],
    });
  });

  test('the last assignment holds', () => {
    expect(settings('MountFlags=slave', 'MountFlags=shared')).toMatchObject({ mountFlags: 'shared' });
  });

  test('an empty one resets', () => {
    expect(settings('MountFlags=slave\nReadWritePaths=/srv', 'MountFlags=\nReadWritePaths=')).toMatchObject({
      mountFlags: null,
      namespaced: [],
    });
  });

  test.each([
    'PrivateMounts=true',
    'ProtectSystem=full',
    'ProtectHome=read-only',
    'ReadOnlyPaths=/etc',
    'DynamicUser=1',
  ])('%s gives a namespace of its own', (line) => {
    expect(settings(line).namespaced).toEqual([line.split('=')[0]]);
  });

  test.each(['PrivateTmp=no', 'ProtectSystem=off', 'PrivateDevices=false', 'ProcSubset=all', 'LimitNOFILE=infinity'])(
    '%s does not',
    (line) => {
      expect(settings(line).namespaced).toEqual([]);
    },
  );

  test('other sections do not count', () => {
    const text = '[Unit]\nMountFlags=slave\n[Service]\nType=notify\n';
    expect(parseUnitSettings('a.service', [{ path: '/a', text }])).toMatchObject({ mountFlags: null, killMode: null });
  });
});

test('any text gives settings', () => {
  const samples = ['[Service]\nMountFlags=slave\nPrivateTmp=yes\n', '[Service]\nKillMode=\\\nprocess'];
  expectToBear((text) => parseUnitSettings('a.service', [{ path: '/a', text }]), samples);
});
