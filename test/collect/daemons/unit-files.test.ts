import { describe, expect, test } from 'vitest';
import { UnitFiles } from '../../../src/collect/daemons/unit-files.ts';
import { Tree } from '../../support/world.ts';

const service = (...lines: string[]): string => `[Service]\n${lines.join('\n')}\n`;

function open(tree: Tree) {
  const clock = { at: 0 };
  const files = new UnitFiles(tree.world(), () => clock.at);
  return { clock, look: (own: string[] = []) => files.collect(own) };
}

describe('the unit of a daemon', () => {
  test('is read with its drop-ins, and says where each setting can come from', () => {
    const tree = new Tree()
      .write('lib/systemd/system/docker.service', service('MountFlags=slave', 'KillMode=mixed'))
      .write('etc/systemd/system/docker.service.d/live.conf', service('KillMode=process'));
    expect(open(tree).look()).toEqual([
      {
        unit: 'docker.service',
        mountFlags: 'slave',
        namespaced: [],
        killMode: 'process',
        files: ['/lib/systemd/system/docker.service', '/etc/systemd/system/docker.service.d/live.conf'],
      },
    ]);
  });

  test('of the administrator hides that of the package', () => {
    const tree = new Tree()
      .write('usr/lib/systemd/system/docker.service', service('MountFlags=slave'))
      .write('etc/systemd/system/docker.service', service('KillMode=process'));
    expect(open(tree).look()).toMatchObject([{ mountFlags: null, files: ['/etc/systemd/system/docker.service'] }]);
  });

  test('has its drop-ins in the order of their names, and of two with one name the administrator’s', () => {
    const tree = new Tree()
      .write('usr/lib/systemd/system/docker.service', service())
      .write('usr/lib/systemd/system/docker.service.d/10-flags.conf', service('MountFlags=slave'))
      .write('usr/lib/systemd/system/docker.service.d/20-more.conf', service('MountFlags=private'))
      .write('etc/systemd/system/docker.service.d/20-more.conf', '')
      .write('etc/systemd/system/docker.service.d/notes.txt', service('MountFlags=shared'));
    expect(open(tree).look()).toMatchObject([
      {
        mountFlags: 'slave',
        files: [
          '/usr/lib/systemd/system/docker.service',
          '/usr/lib/systemd/system/docker.service.d/10-flags.conf',
          '/etc/systemd/system/docker.service.d/20-more.conf',
        ],
      },
    ]);
  });

  test('can be an instance of a template', () => {
    const tree = new Tree()
      .write('etc/systemd/system/docker@.service', service('PrivateTmp=yes'))
      .write('etc/systemd/system/docker@blue.service.d/a.conf', service('MountFlags=shared'));
    expect(open(tree).look(['docker@blue.service'])).toMatchObject([
      { unit: 'docker@blue.service', namespaced: ['PrivateTmp'], mountFlags: 'shared' },
    ]);
  });

  test('is none where there is no unit file, and of a name that is no service nothing is read', () => {
    const tree = new Tree().write('etc/systemd/system/docker.service.d/a.conf', service('MountFlags=slave'));
    expect(open(tree).look(['../../passwd.service', 'session-3.scope'])).toEqual([]);
  });
});

test('unit files are read again after five minutes, and when a daemon of another service appears', () => {
  const tree = new Tree().write('etc/systemd/system/docker.service', service('MountFlags=slave'));
  const { clock, look } = open(tree);
  look();
  tree.write('etc/systemd/system/docker.service', service()).write('etc/systemd/system/engine.service', service());
  clock.at = 299_000;
  expect(look()).toMatchObject([{ mountFlags: 'slave' }]);
  clock.at = 300_000;
  expect(look()).toMatchObject([{ mountFlags: null }]);
  expect(look(['engine.service']).map(({ unit }) => unit)).toEqual(['engine.service', 'docker.service']);
});
