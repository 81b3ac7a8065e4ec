import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { splitMountNamespace } from '../../src/rules/split-mount-namespace.ts';
import type { UnitSettings } from '../../src/sample/mounts.ts';
import { ok } from '../../src/sample/reading.ts';
import { wordsOf } from '../support/findings.ts';
import { mountsOf, nodeAt, reported, reportedNode } from '../support/mount-worlds.ts';
import * as make from '../support/samples.ts';
import { modelOf, type Scene } from '../support/scenes.ts';

const judge = (scene: Scene): readonly Finding[] => run([splitMountNamespace], modelOf(scene)).findings;

const captured = (world: string, dockerd: readonly [number, string]): readonly Finding[] => {
  const mounts = mountsOf(world);
  const shimmed = mounts.namespaces.flatMap(({ holders }) =>
    holders.flatMap(({ kind, containerId }) => (kind === 'shim' && containerId !== null ? [containerId] : [])),
  );
  const containers = shimmed.map((id, n) => make.container(id, `web-${n}`));
  return judge([nodeAt(0, { mounts, containers, dockerd, liveRestore: true })]);
};

describe('a dockerd that was started again in another mount namespace', () => {
  test('is reported with the six shims it left, and both namespaces', () => {
    const [finding, ...others] = captured('mount-leak-t2', [7365, '4026532698']);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'certain',
      title: 'dockerd and 6 shims live in different mount namespaces',
      subjects: { pids: [7365, 3436, 3503, 3568, 3633, 3698, 3763], daemons: ['dockerd'] },
      ruledOut: [{ id: 'leaked-mount' }],
    });
    expect(wordsOf(finding)).toContain('4026532186');
    expect(wordsOf(finding)).toContain('4026532698');
  });

  test('is reported with the settings that did it, where the unit file gives them', () => {
    const [finding] = judge([reportedNode()]);
    expect(finding?.subjects.pids).toEqual([34_836, ...reported.shims]);
    expect(finding?.since).toBe(Date.UTC(2026, 10, 21, 12, 0, 0) - (7500 - 6615) * 1000);
    expect(finding?.summary).toContain('MountFlags=slave and live-restore must not be combined');
    expect(finding?.references).toContain('https://github.com/moby/moby/issues/35873');
    expect(finding?.remedies.map(({ command }) => command)).toContain('systemctl edit docker.service');
  });
});

const unit = (change: Partial<UnitSettings> = {}): UnitSettings => ({
  unit: 'docker.service',
  mountFlags: null,
  namespaced: [],
  killMode: 'process',
  files: ['/usr/lib/systemd/system/docker.service'],
  ...change,
});

const dockerd = make.holder(901, 'dockerd', { kind: 'daemon', unit: 'docker.service', starttime: 9000 });
const shim = (pid: number, letter: string) =>
  make.holder(pid, 'containerd-shim', { kind: 'shim', containerId: make.idOf(letter) });

/** dockerd and its shim in one namespace. */
const together = (own: boolean, units: UnitSettings[], liveRestore: boolean, change = {}): readonly Finding[] =>
  judge([
    nodeAt(0, {
      mounts: make.mounts(
        [
          make.namespace('1', [], { host: true, holders: [make.holder(1, 'systemd', { kind: 'init' })] }),
          make.namespace(own ? '2' : '1', [], { host: !own, holders: [{ ...dockerd, ...change }, shim(1000, 'a')] }),
        ].slice(own ? 0 : 1),
        { units },
      ),
      containers: [make.container('a', 'web-1')],
      dockerd: [901, own ? '2' : '1'],
      liveRestore,
    }),
  ]);

describe('a dockerd whose next restart will leave its shims behind', () => {
  test('is reported before it happens: MountFlags=slave and live-restore', () => {
    expect(together(true, [unit({ mountFlags: 'slave' })], true)).toMatchObject([
      { severity: 'warning', confidence: 'likely', title: 'The next restart of dockerd splits it from 1 shim' },
    ]);
    expect(together(true, [unit({ namespaced: ['PrivateTmp=yes'] })], true)).toHaveLength(1);
    expect(together(true, [], true)).toMatchObject([{ confidence: 'possible' }]);
  });

  test('is not one with only half of the pair, nor a snap, which keeps its namespace', () => {
    expect(together(true, [unit({ mountFlags: 'slave' })], false)).toEqual([]);
    expect(together(false, [unit()], true)).toEqual([]);
    expect(together(false, [unit({ mountFlags: 'shared' })], true)).toEqual([]);
    expect(together(true, [], true, { unit: 'snap.docker.dockerd.service' })).toEqual([]);
  });
});

describe('shims in another namespace than dockerd', () => {
  const node = (holders: ReturnType<typeof make.holder>[], change = {}): readonly Finding[] =>
    judge([
      nodeAt(0, {
        mounts: make.mounts([
          make.namespace('1', [], { host: true, holders: [dockerd] }),
          make.namespace('2', [], { holders, ...change }),
        ]),
        containers: [make.container('a', 'dind')],
        dockerd: [901, '1'],
      }),
    ]);

  test('that are of docker in docker, or of the CRI, are not its own', () => {
    const inner = make.holder(2000, 'dockerd', { kind: 'daemon', containerId: make.idOf('a') });
    expect(node([inner, shim(2001, 'f')], { rootLayer: 'dind' })).toEqual([]);
    expect(node([shim(2001, 'f')])).toEqual([]);
    expect(node([shim(2001, 'a')])).toHaveLength(1);
  });

  test('that are beside a second dockerd are not its own, also before a list says so', () => {
    const holders = [make.holder(2000, 'dockerd', { kind: 'daemon' }), shim(2001, 'f')];
    const beforeList = (others: ReturnType<typeof make.holder>[]): readonly Finding[] => {
      const { containers: _, ...readings } = nodeAt(0, {
        mounts: make.mounts([
          make.namespace('1', [], { host: true, holders: [dockerd] }),
          make.namespace('2', [], { holders: others }),
        ]),
        containers: [],
        dockerd: [901, '1'],
      }).readings;
      const shims = ok(make.shims({ shims: [make.shim(2001, { runtimeNamespace: 'moby' })] }), 1);
      return judge([make.sampleAt(0, { ...readings, shims })]);
    };
    expect(beforeList(holders)).toEqual([]);
    expect(beforeList(holders.slice(1))).toHaveLength(1);
  });
});
