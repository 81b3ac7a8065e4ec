import { describe, expect, test } from 'vitest';
import type { ContainerValue } from '../../../src/sample/containers.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue } from '../../../src/sample/mounts.ts';
import { absent, failed, ok } from '../../../src/sample/reading.ts';
import { nodeAt, unremovable } from '../../support/mount-worlds.ts';
import * as make from '../../support/samples.ts';
import { modelOf, type Scene } from '../../support/scenes.ts';

const id = make.idOf('a');
const merged = '/var/lib/docker/overlay2/aa/merged';
const overlay = (path = merged, change: Partial<ContainerMount> = {}): ContainerMount =>
  make.mount(path, { layer: 'aa', device: '0:50', ...change });
const privately = { propagation: 'private' } as const;

const host = (...list: ContainerMount[]): MountNamespaceValue =>
  make.namespace('1', list, {
    host: true,
    holders: [make.holder(1, 'systemd', { kind: 'init' }), make.holder(901, 'dockerd', { kind: 'daemon' })],
  });
const foreign = (list: ContainerMount[], change: Partial<MountNamespaceValue> = {}): MountNamespaceValue =>
  make.namespace('2', list, { holders: [make.holder(700, 'chronyd', { unit: 'chrony.service' })], ...change });

const layers = ok([{ layer: 'aa', containerId: id }], 1);
const node = (
  seconds: number,
  state: string | null,
  namespaces: MountNamespaceValue[],
  change: Partial<MountsValue> = {},
  kernel = '6.1.0',
) =>
  nodeAt(seconds, {
    mounts: make.mounts(namespaces, { layers, ...change }),
    containers: state === null ? [] : [make.container('a', 'web-1', { state })],
    dockerd: [901, '1'],
    kernel,
  });

const leaksOf = (scene: Scene) => modelOf(scene).mounts?.leaks ?? [];
/** The same look every ten seconds, from 0 on. */
const kept = (seconds: number, state: string | null, namespaces: MountNamespaceValue[], kernel?: string): Scene =>
  Array.from({ length: seconds / 10 + 1 }, (_, n) => node(n * 10, state, namespaces, {}, kernel));

describe('a mount is not leaked', () => {
  const never = (state: string | null, ...namespaces: MountNamespaceValue[]): void =>
    expect(leaksOf(kept(120, state, namespaces))).toEqual([]);

  test('of a running container, in any namespace with a copy (node exporter, PrivateTmp, snaps)', () => {
    const exporter = { holders: [make.holder(800, 'node_exporter', { containerId: make.idOf('e') })], rootLayer: 'ee' };
    never('running', host(overlay()), foreign([overlay()]));
    never('running', host(overlay()), foreign([overlay(`/rootfs${merged}`, privately)], exporter));
    never('paused', host(overlay(), overlay('/mnt/backup/overlay2/aa/merged', privately)));
  });

  test('of an exited container, where no process holds anything, or the daemon itself does (docker cp)', () => {
    never('exited', host());
    never('exited', host(overlay()), foreign([overlay()]));
    never('created', host(), foreign([overlay(merged, privately)]));
  });

  test('in the container’s own namespace', () => {
    never('exited', host(), foreign([overlay('/inner', privately)], { rootLayer: 'aa' }));
    never(null, host(), foreign([overlay('/inner')], { holders: [make.holder(800, 'sh', { containerId: id })] }));
  });

  const dind = { holders: [make.holder(800, 'dockerd', { kind: 'daemon', containerId: make.idOf('d') })] };

  test('of docker in docker, whose layers the engine does not know, nor the exporter in there', () => {
    const inner = [overlay('/var/lib/docker/overlay2/inner/merged', { layer: 'inner', device: '0:70' })];
    never('running', host(overlay()), foreign(inner, dind));
    never('running', host(overlay()), foreign(inner, dind), make.namespace('3', inner, { rootLayer: 'ee' }));
  });

  test('of podman or buildah', () => {
    const path = '/home/u/.local/share/containers/storage/overlay/pp/merged';
    never('running', host(overlay()), foreign([overlay(path, { layer: 'pp', device: '0:70', ...privately })]));
  });

  test('of the CRI, where containerd has it too, here or in a node of kind', () => {
    const rootfs = make.mount('/run/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs', { containerId: 'x' });
    never(null, host(rootfs), foreign([rootfs]));
    never(null, host(), foreign([rootfs], dind), make.namespace('3', [rootfs]));
  });

  test('of a copy beside another engine, whose affair it is', () => {
    never('exited', host(), foreign([overlay(merged, privately)], dind));
  });

  describe('of another engine on the same node', () => {
    const other = { layers: ok([{ layer: 'bb', containerId: make.idOf('b') }], 1) };
    const layer = overlay('/srv/docker/overlay2/bb/merged', { layer: 'bb', device: '0:80' });
    const shm = make.mount(`/srv/docker/containers/${make.idOf('b')}/mounts/shm`, {
      type: 'shm',
      device: '0:81',
      containerId: make.idOf('b'),
    });
    const netns = make.mount('/srv/exec/netns/0123456789ab', { type: 'nsfs', device: '0:4', netNamespace: '78' });
    const look = (...namespaces: MountNamespaceValue[]): void =>
      expect(leaksOf([0, 60, 120].map((at) => node(at, 'running', namespaces, other)))).toEqual([]);

    test('in the same namespace', () => look(host(overlay(), layer, shm, netns), foreign([layer, shm, netns])));

    test('in a namespace of its own', () => {
      const daemon = { holders: [make.holder(950, 'dockerd', { kind: 'daemon' as const })] };
      // More than our running containers could account for.
      const two = [netns, { ...netns, netNamespace: '79' }];
      look(host(overlay()), foreign([layer, shm, ...two], daemon), make.namespace('3', [layer, shm, ...two]));
    });
  });

  test('where it can be compared with nothing: no daemon, its mounts unread, a silent engine', () => {
    const held = [foreign([overlay(merged, privately)])];
    const unread = make.namespace('1', [], { host: true, mounts: failed('/proc/901/mountinfo: EACCES') });
    never(null, unread, ...held);
    const { daemons: _, ...readings } = node(0, null, [host(), ...held]).readings;
    expect(leaksOf([make.sampleAt(0, readings)])).toEqual([]);
    const silent = { ...node(0, null, [host(), ...held]).readings, containers: failed('no answer') };
    expect(leaksOf([make.sampleAt(0, silent)])).toEqual([]);
  });

  test('of a network namespace in a copy, as long as libnetwork may still take it away', () => {
    const netns = make.mount('/rootfs/run/docker/netns/0123456789ab', {
      type: 'nsfs',
      device: '0:4',
      netNamespace: '77',
      ...privately,
    });
    expect(leaksOf(kept(80, null, [host(), foreign([netns])]))).toEqual([]);
    expect(leaksOf(kept(100, null, [host(), foreign([netns])]))).toMatchObject([{ reason: 'network', atLeast: 1 }]);
    // `default` is the host’s own.
    const own = { ...netns, path: '/run/docker/netns/default' };
    expect(leaksOf(kept(100, null, [host(), foreign([own])]))).toEqual([]);
  });
});

describe('with the image store of containerd, which has no layer database', () => {
  const snapshots = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
  const root = `/var/lib/docker/rootfs/overlayfs/${id}`;
  const snapshot = { layer: `${snapshots}/9`, device: '0:50' };
  const own = make.mount(root, { ...snapshot, containerId: id });
  const copy = make.mount('/mnt/copy', snapshot);
  const none = { layers: absent('there is no /var/lib/docker/image/overlay2/layerdb/mounts') };
  const at = (seconds: number, state: string | null, ...namespaces: MountNamespaceValue[]) =>
    node(seconds, state, namespaces, none);

  test('the copies of a running container are no leak, nor is another one of the same number', () => {
    const other = make.mount('/mnt/other', { layer: '/srv/containerd/snapshots/9', device: '0:90' });
    const scene = [0, 60, 120].map((s) => at(s, 'running', host(own, copy, other), foreign([own, copy])));
    expect(leaksOf(scene)).toEqual([]);
  });

  test('a copy that outlives its container keeps the space, in the namespace of dockerd as elsewhere', () => {
    const before = at(0, 'running', host(own, copy), foreign([copy]));
    const scene = [before, ...[10, 75].map((s) => at(s, null, host(copy), foreign([copy])))];
    expect(leaksOf(scene)).toMatchObject([
      { containerId: id, containerState: 'gone', blocks: 'space', paths: ['/mnt/copy'] },
    ]);
  });

  describe('a copy of one that was removed before rtwatch was started', () => {
    const removed = (...gone: string[]) => ({ ...none, ...(gone.length > 0 ? { goneSnapshots: gone } : {}) });
    const seen = (change: ReturnType<typeof removed>, ...namespaces: MountNamespaceValue[]) =>
      [0, 10, 75].map((s) => node(s, null, namespaces, change));

    test('is a leak without a name once its directory is known to be removed', () => {
      expect(leaksOf(seen(removed(snapshot.layer), host(copy)))).toMatchObject([
        { containerId: null, containerState: 'gone', paths: ['/mnt/copy'] },
      ]);
    });

    test('is none while its directory is there: it can be of a container that exited', () => {
      expect(leaksOf(seen(removed(), host(copy)))).toEqual([]);
      expect(leaksOf(seen(removed('/srv/containerd/snapshots/9'), host(copy)))).toEqual([]);
    });

    test('is none beside another containerd, whose directory of that name is another one', () => {
      const inner = make.namespace('4026539999', [copy], {
        holders: [make.holder(4000, 'containerd', { kind: 'daemon', containerId: make.idOf('c') })],
      });
      expect(leaksOf(seen(removed(snapshot.layer), host(), inner))).toEqual([]);
    });
  });

  test('where another engine has it in place it is none of ours', () => {
    const theirs = { ...own, path: `/srv/docker/rootfs/overlayfs/${make.idOf('b')}`, containerId: make.idOf('b') };
    const scene = [0, 60, 120].map((s) => at(s, 'running', host(theirs), foreign([theirs])));
    expect(leaksOf(scene)).toEqual([]);
  });

  test('rmdir of the root filesystem takes the copies at its own path along', () => {
    const scene = [0, 60].map((s) => at(s, 'exited', host(), foreign([own, copy])));
    expect(leaksOf(scene)[0]?.holders[0]?.staying).toEqual(['/mnt/copy']);
  });
});

describe('a mount held elsewhere', () => {
  const held = foreign([overlay(merged, privately), overlay('/mnt/scan', privately)]);

  test('of an exited container is leaked after a minute', () => {
    expect(leaksOf(kept(50, 'exited', [host(), held]))).toEqual([]);
    expect(leaksOf(kept(60, 'exited', [host(), held]))).toMatchObject([
      { containerId: id, containerState: 'exited', blocks: 'space', confidence: 'certain', seconds: 60 },
    ]);
  });

  test('of a container that is gone is leaked at once in a report, and keeps its space', () => {
    expect(leaksOf([node(0, null, [host(), held])])).toMatchObject([
      {
        containerId: id,
        containerState: 'gone',
        blocks: 'space',
        confidence: 'likely',
        paths: [merged, '/mnt/scan'],
        holders: [{ role: 'service', label: 'chrony.service', paths: [merged, '/mnt/scan'] }],
      },
    ]);
  });

  test('of a container that goes while rtwatch looks on is leaked when it has stayed', () => {
    const scene = (seconds: number): Scene => [
      node(0, 'running', [host(overlay()), held]),
      ...kept(seconds, null, [host(), held]).map((sample) => ({
        ...sample,
        at: sample.at + 10_000,
        monoMs: sample.monoMs + 10_000,
      })),
    ];
    expect(leaksOf(scene(10))).toEqual([]);
    expect(leaksOf(scene(20))).toHaveLength(1);
  });

  test('is not leaked when it was seen once, as by runc’s init, and the next read is late', () => {
    const { mounts: _, ...later } = node(40, null, []).readings;
    const scene = [node(0, 'running', [host(overlay())]), node(10, null, [host(), held]), make.sampleAt(40, later)];
    expect(leaksOf(scene)).toEqual([]);
    expect(leaksOf([...scene, node(50, null, [host(), held])])).toHaveLength(1);
  });

  test('is known by its container also when the layer database has forgotten it', () => {
    const forgotten = { layers: ok([], 1) };
    const scene = [node(0, 'running', [host(overlay()), held]), node(10, null, [host(), held], forgotten)];
    expect(leaksOf([...scene, node(75, null, [host(), held], forgotten)])).toMatchObject([{ containerId: id }]);
  });

  test('that no container on the list can own is leaked too, by an unknown container', () => {
    const scene = [node(0, 'running', [host(overlay()), foreign([overlay('/mnt/x', { layer: 'zz', device: '0:9' })])])];
    expect(leaksOf(scene)).toMatchObject([
      { containerId: null, containerState: 'gone', label: 'a removed container (layer zz)' },
    ]);
  });

  test('is not leaked any more when it is let go', () => {
    expect(leaksOf([...kept(60, null, [host(), held]), node(70, null, [host(), foreign([])])])).toEqual([]);
  });

  test('counts from the moment it was read, where namespaces take turns', () => {
    const stale = { ...held, ageMs: 30_000 };
    expect(leaksOf(kept(60, 'exited', [host(), stale]))).toEqual([]);
    expect(leaksOf(kept(90, 'exited', [host(), stale]))).toHaveLength(1);
  });
});

describe('what it does', () => {
  const copy = overlay('/mnt/backup/overlay2/aa/merged', privately);
  const removal = (namespaces: MountNamespaceValue[], kernel: string, change: Partial<MountsValue> = {}) => {
    const container: ContainerValue = unremovable('a', 'web-1', 'aa');
    const mounts = make.mounts(namespaces, { layers, ...change });
    return leaksOf([nodeAt(0, { mounts, containers: [container], dockerd: [901, '1'], kernel })])[0]?.blocks;
  };

  test('in the daemon’s own namespace it blocks the removal on every kernel', () => {
    expect(removal([host(copy)], '6.1.0')).toBe('removal');
    expect(leaksOf(kept(60, 'exited', [host(copy)]))[0]?.consequence).toContain('will fail with EBUSY');
  });

  test('elsewhere only on kernels that do not detach it: before 3.18, or RHEL’s 3.10 without the switch', () => {
    const held = [host(), foreign([overlay(merged, privately)])];
    expect(removal(held, '6.1.0')).toBe('space');
    expect(removal(held, '3.16.0-4-amd64')).toBe('removal');
    expect(removal(held, '3.10.0-1160.el7', { mayDetachMounts: false })).toBe('removal');
    expect(removal(held, '3.10.0-1160.el7', { mayDetachMounts: true })).toBe('space');
  });
});

describe('a running container’s mount that dockerd does not see', () => {
  const shims = {
    holders: [make.holder(500, 'containerd-shim', { kind: 'shim', containerId: id })],
    processes: 1,
  };

  test('is astray in the namespace of its shim, and nothing is offered that would take its files', () => {
    const [leak] = leaksOf([node(0, 'running', [host(), foreign([overlay()], shims)])]);
    expect(leak).toMatchObject({ reason: 'astray', blocks: 'nothing', free: [], holders: [{ label: '1 shim' }] });
  });

  test('is not astray when dockerd has the layer mounted anew', () => {
    const again = overlay(merged, { device: '0:99' });
    expect(leaksOf([node(0, 'running', [host(again), foreign([overlay()], shims)])])).toEqual([]);
  });
});

test('however many leak, a bounded number is reported and the rest counted', () => {
  const many = Array.from({ length: 1500 }, (_, n) =>
    overlay(`/mnt/${n}`, { layer: `l${n}`, device: `0:${n + 100}`, ...privately }),
  );
  const model = modelOf([node(0, 'running', [host(overlay()), foreign(many)])]).mounts;
  expect(model?.leaks).toHaveLength(200);
  expect(model?.moreLeaks).toBe(1300);
});
