import { describe, expect, test } from 'vitest';
import { ShimsCollector } from '../../../src/collect/containers/shims.ts';
import { ProcessesCollector } from '../../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { World } from '../../../src/collect/world.ts';
import type { ContainerTasks, ShimsValue, ShimValue } from '../../../src/sample/shims.ts';
import { capturedWorld, statusText, Tree } from '../../support/world.ts';

function open(world: World, kernel = '6.8'): { shims: ShimsCollector; look: () => ShimsValue } {
  const table = new ProcessTable(world, () => 0);
  const processes = new ProcessesCollector(world, table, kernel);
  const shims = new ShimsCollector(world, table, kernel);
  return {
    shims,
    look: () => {
      processes.collect();
      return shims.collect();
    },
  };
}

const look = (world: World, kernel?: string): ShimsValue => open(world, kernel).look();
const shimOf = (value: ShimsValue, pid: number): ShimValue | undefined => value.shims.find((shim) => shim.pid === pid);
/** `parent>pid comm state`, with K for a kill that is pending. */
const tree = ({ tasks }: Pick<ContainerTasks, 'tasks'>): string[] =>
  tasks.map(({ ppid, pid, comm, state, killPending }) => `${ppid}>${pid} ${comm} ${state}${killPending ? ' K' : ''}`);

const a = 'a1'.repeat(32);
const b = 'b2'.repeat(32);
const docker = (id: string): string => `/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/${id}`;
const pod = (id: string): string => `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}`;
const inContainer = (id: string): { cgroup: string } => ({ cgroup: `0::/system.slice/docker-${id}.scope\n` });
const onHost = { cgroup: '0::/system.slice/containerd.service\n' };

/** A container of Docker: shim 50, its first process 60. */
const oneContainer = (shim: { state?: string } = {}): Tree =>
  new Tree()
    .process(1, { ppid: 0, comm: 'systemd' }, onHost)
    .process(50, { comm: 'containerd-shim', starttime: 40_000, ...shim }, { cwd: docker(a), ...onHost })
    .process(60, { comm: 'sh', ppid: 50, starttime: 40_100 }, inContainer(a));

describe('before Linux 6.8 the cgroup of a process in D is not read', () => {
  const specOf = (sandbox: string): string =>
    JSON.stringify({
      annotations: {
        'io.kubernetes.cri.sandbox-name': 'web-0',
        'io.kubernetes.cri.sandbox-namespace': 'shop',
        'io.kubernetes.cri.sandbox-id': sandbox,
      },
    });
  const c = 'c3'.repeat(32);
  /** The pod of sandbox b: the app is in D. */
  const podWith = (...ids: readonly string[]): Tree => {
    const tree = new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(50, { comm: 'containerd-shim' }, { cwd: pod(b), ...onHost })
      .process(60, { comm: 'pause', ppid: 50 }, inContainer(b))
      .process(61, { comm: 'app', ppid: 50, state: 'D' }, inContainer(a))
      .process(62, { comm: 'worker', ppid: 61, state: 'D' }, inContainer(a));
    for (const id of [b, ...ids]) tree.write(`${pod(id).slice(1)}/config.json`, specOf(id === c ? a : b));
    return tree;
  };
  const idsOf = (tree: Tree): [string[], (string | null)[]] => {
    const table = new ProcessTable(tree.world(), () => 0);
    const processes = new ProcessesCollector(tree.world(), table, '5.14');
    const shims = new ShimsCollector(tree.world(), table, '5.14');
    processes.collect();
    shims.collect();
    processes.collect();
    const [shim] = shims.collect().shims;
    const listed = processes.collect().processes.map(({ containerId }) => containerId);
    return [(shim?.containers ?? []).map(({ containerId }) => containerId), listed];
  };

  test('it is in the one container of its pod that is left', () => {
    expect(idsOf(podWith(a))).toEqual([
      [b, a],
      [a, a],
    ]);
    // A task of another pod is none of its own.
    expect(idsOf(podWith(a, c))).toEqual([
      [b, a],
      [a, a],
    ]);
  });

  test('or in the only one, beside another process of it', () => {
    const tree = podWith(a).process(63, { comm: 'sh', ppid: 50 }, inContainer(a));
    expect(idsOf(tree)).toEqual([
      [b, a],
      [a, a],
    ]);
  });

  test('and in an unknown one of two, or where the sandbox is not accounted for', () => {
    const d = 'd4'.repeat(32);
    expect(idsOf(podWith(a, d))).toEqual([[b], [null, null]]);
    expect(idsOf(podWith(a, d).process(63, { ppid: 50 }, inContainer(d)))[1]).toEqual([a, a]);
    expect(idsOf(podWith(a).remove('proc/60'))).toEqual([[], [null, null]]);
    expect(idsOf(podWith())).toEqual([[b], [null, null]]);
  });

  test('a conmon names its own', () => {
    const conmon = { cmdline: `/usr/bin/conmon\0-c\0${a}\0-n\0batch\0`, cgroup: '0::/x.scope\n' };
    const tree = new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(50, { comm: 'conmon' }, conmon)
      .process(60, { comm: 'dd', ppid: 50, state: 'D' }, inContainer(a));
    expect(idsOf(tree)).toEqual([[a], [a]]);
  });
});

describe('on a node that is a container itself', () => {
  /** As in a node of minikube or kind on cgroup v1, which has the cgroup namespace of its host. */
  const inNode = (path: string): { cgroup: string } => ({ cgroup: `9:memory:/docker/${b}${path}\n0::/\n` });
  const nodeWith = (first: { cgroup: string }): Tree =>
    new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, first)
      .process(50, { comm: 'containerd-shim' }, { cwd: pod(a), ...inNode('/system.slice/containerd.service') })
      .process(60, { comm: 'app', ppid: 50, state: 'D' }, inNode(`/kubelet/kubepods/burstable/pod1/${a}`));

  test('the container around it is none of its own', () => {
    const value = look(nodeWith(inNode('/init.scope')).world());
    expect(value.shims.map(({ containers }) => containers.map(({ containerId }) => containerId))).toEqual([[a]]);
    expect(value.orphans).toEqual([]);
  });

  test('and seen from its host it is', () => {
    const value = look(nodeWith({ cgroup: '9:memory:/\n0::/\n' }).process(70, { ppid: 1 }, inNode('')).world());
    expect(value.orphans.map(({ containerId }) => containerId)).toEqual([b]);
  });
});

describe('on a node whose docker stop hangs', () => {
  test('each shim has its container, and the tree of those in trouble is reported', () => {
    const value = look(capturedWorld('stop-leak'));
    expect(value.shims.map(({ pid, containers }) => [pid, containers.map(({ count }) => count)])).toEqual([
      [26119, [2]],
      [26172, [2]],
      [26225, [4]],
    ]);
    const [held, , cron] = value.shims.map(({ containers }) => containers[0]);
    expect(held).toMatchObject({
      containerId: 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91',
      initPid: 26138,
    });
    expect(tree(held ?? { tasks: [] })).toEqual(['26119>26138 sh S K', '26138>28816 dd D K']);
    expect(tree(cron ?? { tasks: [] })).toEqual([
      '26225>26244 sleep S',
      '26244>26268 sleep Z',
      '26244>26269 sleep Z',
      '26244>26270 sleep Z',
    ]);
    expect(value.orphans).toEqual([]);
  });
});

describe('on a node whose containerd hangs', () => {
  const value = look(capturedWorld('containerd-hang'));

  test('the shim of a pod has all its containers', () => {
    expect(shimOf(value, 23826)).toMatchObject({
      runtimeNamespace: 'k8s.io',
      bundleId: '9383ef82cbc4061ee35048f3c34a01b7557630263ce7d0589dd83e194a388f4e',
      state: 'S',
      waits: [],
      containers: [
        { containerId: '9383ef82cbc4061ee35048f3c34a01b7557630263ce7d0589dd83e194a388f4e', initPid: 23847, count: 1 },
        { containerId: 'e31363f05ae7249dde930e49ac0c0b8c6282ec6f71fab3e1e07b63fae6f0fd2a', initPid: 24161, count: 2 },
      ],
    });
    expect(shimOf(value, 23743)?.containers.map(({ initPid }) => initPid)).toEqual([23764, 24048]);
  });

  test('shims that hang in an unmount say what they wait in, and where they are', () => {
    for (const pid of [23743, 23908, 24303]) {
      expect(shimOf(value, pid)).toMatchObject({ waits: ['wb_wait_for_completion'], mountNamespace: '4026532177' });
    }
    expect(shimOf(value, 24303)).toMatchObject({ runtimeNamespace: 'default', bundleId: 'batch-1', containers: [] });
  });
});

describe('a shim', () => {
  test('that is stopped says so, and all below it is reported', () => {
    const shim = shimOf(look(oneContainer({ state: 'T' }).world()), 50);
    expect(shim).toMatchObject({ state: 'T', ageSeconds: 600 });
    expect(tree(shim?.containers[0] ?? { tasks: [] })).toEqual(['50>60 sh S']);
  });

  test('that is well has its container counted and nothing reported', () => {
    const world = oneContainer().process(61, { ppid: 60 }).process(62, { ppid: 61 }).world();
    expect(shimOf(look(world), 50)?.containers).toEqual([{ containerId: a, initPid: 60, count: 3, tasks: [] }]);
  });

  test('gives its first process, not one that was started in the container later', () => {
    const world = oneContainer().process(55, { comm: 'ps', ppid: 50, starttime: 90_000 }, inContainer(a)).world();
    expect(shimOf(look(world), 50)?.containers).toMatchObject([{ initPid: 60, count: 2 }]);
  });

  test('of version 1 is known by its bundle', () => {
    const value = look(capturedWorld('kernel-4.19'), '4.19');
    expect(shimOf(value, 800)).toMatchObject({ runtimeNamespace: 'moby', bundleId: a });
    // The zombie has left its cgroup: the bundle tells.
    expect(shimOf(value, 800)?.containers).toMatchObject([{ containerId: a, initPid: 820, count: 1 }]);
    expect(tree(shimOf(value, 840)?.containers[0] ?? { tasks: [] })).toEqual([
      '840>860 sh S',
      '860>870 sleep Z',
      '860>880 dd D K',
    ]);
  });

  test('of containerd 0.2 gives no bundle, and its daemon, of the same cut name, is no shim', () => {
    const world = new Tree()
      .process(30, { comm: 'dockerd' }, onHost)
      .process(40, { comm: 'docker-containe', ppid: 30 }, { cwd: '/', ...onHost })
      .process(50, { comm: 'docker-containe', ppid: 40 }, { cwd: `/run/docker/libcontainerd/${a}/init`, ...onHost })
      .process(60, { ppid: 50 }, inContainer(a))
      .world();
    const value = look(world);
    expect(value.shims.map(({ pid, bundle }) => [pid, bundle])).toEqual([[50, null]]);
    expect(value.shims[0]?.containers).toMatchObject([{ containerId: a, initPid: 60 }]);
  });

  test('of balenaOS is known beside its containerd, which has the same name', () => {
    const bundle = `/run/balena-engine/containerd/daemon/io.containerd.runtime.v2.task/moby/${a}`;
    const world = new Tree()
      .process(30, { comm: 'balenad' }, onHost)
      .process(40, { comm: 'balena-engine-c', ppid: 30 }, { cwd: '/', ...onHost })
      .process(50, { comm: 'balena-engine-c' }, { cwd: bundle, ...onHost })
      .process(60, { ppid: 50 }, inContainer(a))
      .world();
    expect(look(world).shims.map(({ pid, bundle: of }) => [pid, of])).toEqual([[50, bundle]]);
  });

  test('whose daemon has died keeps its name, and that daemon’s leftover is no shim either', () => {
    const world = new Tree()
      .process(40, { comm: 'docker-containe' }, { cwd: '/', ...onHost })
      .process(50, { comm: 'docker-containe', ppid: 40 }, onHost)
      .process(60, { ppid: 50 }, inContainer(a))
      .world();
    expect(look(world).shims.map(({ pid }) => pid)).toEqual([50]);
  });

  test('of ctr has a container with a name', () => {
    const world = new Tree()
      .process(50, { comm: 'containerd-shim' }, { cwd: docker('x').replace('moby/x', 'default/batch-1'), ...onHost })
      .process(60, { ppid: 50 }, { cgroup: '0::/default/batch-1\n' })
      .world();
    expect(look(world).shims[0]?.containers).toMatchObject([{ containerId: 'batch-1', initPid: 60 }]);
  });

  test('that has died itself is none', () => {
    expect(look(oneContainer({ state: 'Z' }).world()).shims).toEqual([]);
  });

  test('inside a container has the inner container, and the outer one has them all', () => {
    const world = oneContainer()
      .process(70, { comm: 'containerd-shim', ppid: 60 }, { cwd: docker(b), ...inContainer(a) })
      .process(80, { comm: 'app', ppid: 70 }, { cgroup: `0::/system.slice/docker-${a}.scope/docker/${b}\n` })
      .world();
    const value = look(world);
    expect(shimOf(value, 50)?.containers).toMatchObject([{ containerId: a, count: 3 }]);
    expect(shimOf(value, 70)?.containers).toMatchObject([{ containerId: b, initPid: 80, count: 1 }]);
    expect(value.orphans).toEqual([]);
  });
});

describe('a container in trouble', () => {
  test.each([
    ['in D', { state: 'D' }],
    ['stopped', { state: 'T' }],
    ['dead', { state: 'Z' }],
    ['on its way out', { flags: 0x40_0004 }],
  ])('is one with a task that is %s', (_, stat) => {
    const value = look(
      oneContainer()
        .process(61, { ppid: 60, ...stat })
        .world(),
    );
    expect(shimOf(value, 50)?.containers[0]?.tasks.map(({ pid }) => pid)).toEqual([60, 61]);
  });

  test('is one with a thread in D, which its task counts', () => {
    const world = oneContainer().process(61, { ppid: 60, threads: 2 }).thread(61, 62, { state: 'D' }).world();
    expect(shimOf(look(world), 50)?.containers[0]?.tasks.at(-1)).toMatchObject({
      pid: 61,
      threads: 2,
      blockedThreads: 1,
    });
  });

  test('gives the kill of a process that took it and waits for others', () => {
    const world = oneContainer()
      .process(
        60,
        { comm: 'sh', ppid: 50, flags: 0x40_0004 },
        { status: statusText({ shdPnd: '100' }), ...inContainer(a) },
      )
      .world();
    expect(tree(shimOf(look(world), 50)?.containers[0] ?? { tasks: [] })).toEqual(['50>60 sh S K']);
  });

  test('of many processes gives those in trouble and all above them, sixty-four at most', () => {
    const crowd = oneContainer();
    for (let pid = 100; pid < 300; pid++) crowd.process(pid, { ppid: 60 });
    crowd.process(400, { ppid: 299 }).process(401, { ppid: 400, state: 'D' });
    const container = shimOf(look(crowd.world()), 50)?.containers[0];
    expect(container?.count).toBe(203);
    expect(container?.tasks).toHaveLength(64);
    const pids = container?.tasks.map(({ pid }) => pid) ?? [];
    expect(pids).toEqual(expect.arrayContaining([60, 299, 400, 401]));
    for (const { ppid } of container?.tasks.slice(1) ?? []) expect(pids).toContain(ppid);
    for (const [index, { ppid }] of (container?.tasks ?? []).entries()) {
      if (index > 0) expect(pids.indexOf(ppid)).toBeLessThan(index);
    }
  });
});

describe('a container without a shim', () => {
  test('is one whose first process was given to pid 1', () => {
    const world = oneContainer()
      .process(90, { comm: 'app' }, inContainer(b))
      .process(91, { comm: 'worker', ppid: 90, state: 'D' }, inContainer(b))
      .world();
    const { orphans } = look(world);
    expect(orphans).toMatchObject([{ containerId: b, initPid: 90, count: 2 }]);
    expect(tree(orphans[0] ?? { tasks: [] })).toEqual(['1>90 app S', '90>91 worker D']);
  });

  test('is one of podman, below its monitor', () => {
    const world = new Tree()
      .process(80, { comm: 'conmon' }, { cgroup: `0::/machine.slice/libpod-conmon-${a}.scope\n` })
      .process(81, { comm: 'nginx', ppid: 80 }, { cgroup: `0::/machine.slice/libpod-${a}.scope/container\n` })
      .world();
    expect(look(world)).toMatchObject({ shims: [], orphans: [{ containerId: a, initPid: 81, count: 1 }] });
  });

  test('is not a service of the node, nor a build below dockerd', () => {
    const world = oneContainer()
      .process(30, { comm: 'dockerd' }, onHost)
      .process(31, { comm: 'runc', ppid: 30 }, { cgroup: `0::/docker/buildkit/${b}\n` })
      .world();
    expect(look(world).orphans).toEqual([]);
  });
});

describe('what is read', () => {
  const readsOf = (world: World, kernel: string, looks: number): string[][] => {
    const table = new ProcessTable(world, () => 0);
    const shims = new ShimsCollector(world, table, kernel);
    world.announceAll = true;
    return Array.from({ length: looks }, () => {
      table.scan();
      const read: string[] = [];
      world.onRiskyRead = (path) => read.push(path.replace(world.proc(''), ''));
      shims.collect();
      world.onRiskyRead = () => {};
      return read;
    });
  };

  test('is one cgroup for a container, however many processes it has, and nothing again', () => {
    const crowd = oneContainer();
    for (let pid = 100; pid < 150; pid++) crowd.process(pid, { ppid: 60 }, inContainer(a));
    const [first, second] = readsOf(crowd.world(), '6.8', 2);
    expect(first?.filter((path) => path.endsWith('cgroup')).toSorted()).toEqual(['1/cgroup', '50/cgroup', '60/cgroup']);
    expect(second).toEqual(['uptime', '50/ns/mnt']);
  });

  test('is not the cgroup of a blocked process before Linux 6.8', () => {
    const world = oneContainer().process(60, { comm: 'sh', ppid: 50, state: 'D' }, inContainer(a)).world();
    const [first] = readsOf(world, '6.7', 1);
    expect(first).not.toContain('60/cgroup');
    expect(readsOf(world, '6.8', 1)[0]).toContain('60/cgroup');
  });

  test('gives the container by the bundle then', () => {
    const world = oneContainer().process(60, { comm: 'sh', ppid: 50, state: 'D' }, inContainer(a)).world();
    expect(shimOf(look(world, '3.10.0-1160.el7.x86_64'), 50)?.containers).toMatchObject([
      { containerId: a, initPid: 60 },
    ]);
  });

  test('is nothing of a blocked shim that takes a lock', () => {
    const world = oneContainer({ state: 'D' }).world();
    for (const path of readsOf(world, '3.10.0', 2).flat()) {
      expect(path).not.toMatch(/(?:cmdline|environ|maps|exe|root|50\/cgroup)$/);
    }
  });
});

test('a process that was adopted by its own child for a moment, in two polls, makes no endless tree', () => {
  const world = oneContainer().process(70, { ppid: 71, state: 'D' }).process(71, { ppid: 70 }).world();
  expect(shimOf(look(world), 50)?.containers[0]?.count).toBe(1);
});

test('without the processes there is nothing to report', () => {
  const world = oneContainer().world();
  expect(() => new ShimsCollector(world, new ProcessTable(world, () => 0), '6.8').collect()).toThrow(
    /"processes", which is disabled/,
  );
});

test('a pod’s zombie whose cgroup is gone belongs to no container by guess', () => {
  const world = new Tree()
    .process(50, { comm: 'containerd-shim' }, { cwd: pod(a), ...onHost })
    .process(60, { ppid: 50, state: 'Z' }, { cgroup: '4:memory:/\n' })
    .world();
  expect(shimOf(look(world, '4.19'), 50)?.containers).toEqual([]);
});

describe('a shim without anything below it', () => {
  const alone = (initPid?: number): Tree => {
    const tree = oneContainer().remove('proc/60');
    return initPid === undefined ? tree : tree.write(`${docker(a)}/init.pid`, String(initPid));
  };

  test('has lost its first process when the one that its bundle names is gone', () => {
    expect(shimOf(look(alone(60).world()), 50)).toMatchObject({ initGone: true, containers: [] });
  });

  test('has not when that process is somewhere else, when its bundle names none, or when the runtime is at work', () => {
    expect(shimOf(look(alone(1).world()), 50)).not.toHaveProperty('initGone');
    expect(shimOf(look(alone().world()), 50)).not.toHaveProperty('initGone');
    const starting = alone(60).process(70, { comm: 'runc', ppid: 50 }, onHost);
    expect(shimOf(look(starting.world()), 50)).not.toHaveProperty('initGone');
  });

  test('has no child and says so, and whether its bundle was removed below it', () => {
    expect(shimOf(look(alone().world()), 50)).toMatchObject({ childless: true, containers: [] });
    expect(shimOf(look(alone().world()), 50)).not.toHaveProperty('bundleGone');
    expect(shimOf(look(oneContainer().world()), 50)).not.toHaveProperty('childless');
    const removed = new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(50, { comm: 'containerd-shim' }, { cwd: `${pod(a)} (deleted)`, ...onHost });
    expect(shimOf(look(removed.world()), 50)).toMatchObject({ childless: true, bundleGone: true, bundleId: a });
  });

  test('has not while its first process lives', () => {
    const tree = oneContainer().write(`${docker(a)}/init.pid`, '60');
    expect(shimOf(look(tree.world()), 50)).not.toHaveProperty('initGone');
  });
});

describe('containers without containerd', () => {
  const conmonOf = (id: string, name: string, exits: string): Record<string, string> => ({
    cmdline: ['/usr/bin/conmon', '-b', `/run/x/${id}/userdata`, '-c', id, '-n', name, '--exit-dir', exits, ''].join(
      '\0',
    ),
    cgroup: `0::/machine.slice/crio-conmon-${id}.scope\n`,
  });
  const crio = { cgroup: `0::/kubepods.slice/crio-${a}.scope\n` };
  const node = (state = 'S'): Tree =>
    new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(50, { comm: 'conmon', state }, conmonOf(a, 'k8s_app_web-0_shop_uid_0', '/var/run/crio/exits'))
      .process(60, { comm: 'sh', ppid: 50 }, crio)
      .process(70, { comm: 'conmon' }, conmonOf(b, 'sharp_noether', '/run/libpod/exits'))
      .process(80, { comm: 'sh', ppid: 70 }, { cgroup: `0::/libpod_parent/libpod-${b}\n` })
      .process(90, { comm: 'conmon', state: 'Z' });

  test('of CRI-O and Podman have their conmon as a shim, and its name', () => {
    const value = look(node().world());
    expect(value.shims.map(({ pid, runtimeNamespace, bundleId }) => [pid, runtimeNamespace, bundleId])).toEqual([
      [50, 'cri-o', a],
      [70, 'podman', b],
    ]);
    expect(shimOf(value, 50)?.containers).toMatchObject([{ containerId: a, initPid: 60, count: 1 }]);
    expect(value.orphans).toEqual([]);
    expect(value.names).toEqual([{ id: a, pod: 'web-0', namespace: 'shop', container: 'app', image: null }]);
    expect(value.plainNames).toEqual([{ id: b, name: 'sharp_noether', engine: 'podman' }]);
  });

  test('whose conmon is stopped say so, and one without a child is only on its way out', () => {
    expect(shimOf(look(node('T').world()), 50)).toMatchObject({ state: 'T' });
    const tree = node().remove('proc/60');
    expect(shimOf(look(tree.world()), 50)).not.toHaveProperty('childless');
  });

  test('of CRI-O with conmon-rs have one for the whole pod, with and without a pause process', () => {
    const folder = `/var/lib/containers/storage/overlay-containers/${b}/userdata`;
    const tree = new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(
        50,
        { comm: 'conmonrs' },
        {
          cmdline: ['/usr/bin/conmonrs', '--runtime', '/usr/bin/crun', '--runtime-dir', folder, ''].join('\0'),
          ...onHost,
        },
      )
      .process(60, { comm: 'sh', ppid: 50 }, crio);
    const [alone] = look(tree.world()).shims;
    expect(alone).toMatchObject({ runtimeNamespace: 'cri-o', bundle: null, bundleId: null });
    expect(alone?.containers).toMatchObject([{ containerId: a, initPid: 60 }]);
    tree.process(61, { comm: 'pause', ppid: 50 }, { cgroup: `0::/kubepods.slice/crio-${b}.scope\n` });
    const [whole] = look(tree.world()).shims;
    expect(whole).toMatchObject({ bundleId: b });
    expect(whole?.containers.map(({ containerId }) => containerId)).toEqual([a, b]);
  });

  test('of nerdctl have the name that it wrote into the specification', () => {
    const bundle = `/run/containerd/io.containerd.runtime.v2.task/default/${a}`;
    const tree = new Tree()
      .process(50, { comm: 'containerd-shim' }, { ...onHost, cwd: bundle })
      .process(60, { comm: 'sh', ppid: 50 }, { cgroup: `0::/default/${a}\n` })
      .write(`${bundle}/config.json`, JSON.stringify({ annotations: { 'nerdctl/name': 'db' } }));
    expect(look(tree.world()).plainNames).toEqual([{ id: a, name: 'db', engine: 'nerdctl' }]);
  });

  test('of ctr have names for ids, which are known with their namespace', () => {
    const folder = '/run/containerd/io.containerd.runtime.v2.task/default';
    const tree = new Tree()
      .process(50, { comm: 'containerd-shim' }, { ...onHost, cwd: `${folder}/web-0` })
      .process(51, { comm: 'containerd-shim' }, { ...onHost, cwd: `${folder}/${a}` });
    const { shims, look } = open(tree.world());
    look();
    expect(shims.namedTasks).toEqual([{ namespace: 'default', id: 'web-0' }]);
  });
});

describe('the memory of a shim', () => {
  const runc = '/usr/bin/containerd-shim-runc-v2\0-namespace\0k8s.io\0';
  const shimWith = (megabytes: number, cmdline: string): Tree =>
    new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(
        50,
        { comm: 'containerd-shim' },
        { cwd: pod(a), cmdline, ...onHost, status: statusText({ rssKb: megabytes * 1024 }) },
      );
  const sizeOf = (tree: Tree): number | undefined => shimOf(look(tree.world()), 50)?.rssBytes;

  test('is reported from 256 MiB on', () => {
    expect(sizeOf(shimWith(900, runc))).toBe(900 * 1024 ** 2);
    expect(sizeOf(shimWith(20, runc))).toBeUndefined();
  });

  test('is not that of a virtual machine or of a workload that it holds', () => {
    expect(sizeOf(shimWith(900, '/opt/kata/bin/containerd-shim-kata-v2\0-id\0'))).toBeUndefined();
    expect(sizeOf(shimWith(900, ''))).toBeUndefined();
  });
});

describe('a shim of the CRI', () => {
  const sandboxed = (program: string, bundle = pod(a)): ShimValue | undefined => {
    const tree = new Tree()
      .process(1, { ppid: 0, comm: 'systemd' }, onHost)
      .process(50, { comm: 'containerd-shim' }, { cwd: bundle, cmdline: `${program}\0-namespace\0`, ...onHost });
    return shimOf(look(tree.world()), 50);
  };

  test.each(['/opt/kata/bin/containerd-shim-kata-v2', '/usr/local/bin/containerd-shim-runsc-v1'])(
    'has a sandbox of its own when it is %s',
    (program) => {
      expect(sandboxed(program)?.ownSandbox).toBe(true);
    },
  );

  test('is not said to have one when it is that of runc', () => {
    const program = '/var/lib/rancher/k3s/data/current/bin/containerd-shim-runc-v2';
    expect(sandboxed(program)).not.toHaveProperty('ownSandbox');
  });

  test('is asked for its program, and Docker’s is not', () => {
    expect(sandboxed('containerd-shim-runsc-v1', docker(a))).not.toHaveProperty('ownSandbox');
  });
});
