import { describe, expect, test } from 'vitest';
import { CgroupsCollector } from '../../../src/collect/cgroups/cgroups.ts';
import type { World } from '../../../src/collect/world.ts';
import type { CgroupsValue, CgroupValue } from '../../../src/sample/cgroups.ts';
import { idOf } from '../../support/samples.ts';
import { capturedWorld, Tree } from '../../support/world.ts';

const pressure = (avg10: string): string =>
  `some avg10=${avg10} avg60=0.00 avg300=0.00 total=1000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=10\n`;
const a = idOf('a1');
const b = idOf('b2');
const base = 'sys/fs/cgroup';

/** A node on cgroup v2 under systemd: a container of docker, a pod of containerd's, and services. */
function v2(): Tree {
  const pod = 'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7d_0f.slice';
  return new Tree()
    .write(`${base}/cgroup.controllers`, 'cpu io memory pids\n')
    .write(`${base}/cgroup.stat`, 'nr_descendants 41\nnr_dying_descendants 7\n')
    .write(`${base}/system.slice/docker-${a}.scope/io.pressure`, pressure('12.50'))
    .write(
      `${base}/system.slice/docker-${a}.scope/io.stat`,
      '8:0 rbytes=4096 wbytes=100 rios=1 wios=2 dbytes=0 dios=0\n254:0 rbytes=4 wbytes=5 rios=1 wios=2 dbytes=9 dios=9\n',
    )
    .write(`${base}/${pod}/cri-containerd-${b}.scope/io.pressure`, pressure('0.00'))
    .write(`${base}/system.slice/docker.service/io.pressure`, pressure('3.00'))
    .write(`${base}/system.slice/crio-conmon-${idOf('c')}.scope/io.pressure`, pressure('0.00'));
}

/** In as much time as it takes, if the collector has no clock of its own. */
function look(world: World, collector = new CgroupsCollector(world, { now: () => 0 })): CgroupsValue {
  const reading = collector.collect();
  if (reading.status !== 'ok') throw new Error(reading.detail);
  return reading.value;
}

const groupOf = (value: CgroupsValue, id: string): CgroupValue => {
  const found = value.groups.find(({ containerId }) => containerId === id);
  if (found === undefined) throw new Error(`no group of ${id}`);
  return found;
};

const idsOf = ({ groups }: CgroupsValue): (string | null)[] =>
  groups.flatMap(({ containerId }) => containerId ?? []).sort();

describe('on cgroup v2', () => {
  test('containers are found by the names of their groups, with pressure and bytes of all devices', () => {
    const value = look(v2().world());
    expect(value.version).toBe('v2');
    expect(idsOf(value)).toEqual([a, b]);
    expect(groupOf(value, a)).toMatchObject({
      path: `system.slice/docker-${a}.scope`,
      ioPressure: { status: 'ok', value: { some: { avg10: 12.5, totalMicros: 1000 }, full: { totalMicros: 10 } } },
      io: { readBytes: 4100, writeBytes: 105 },
    });
    expect(groupOf(value, b)).toMatchObject({ ioPressure: { status: 'ok' }, io: null });
  });

  test('the groups of services are not read: nothing is made of them', () => {
    expect(look(v2().world()).groups.map(({ path }) => path)).not.toContain('system.slice/docker.service');
  });

  test('the kernel shows how many groups there are and how many are dying', () => {
    expect(look(v2().world()).memory).toEqual({
      counted: 48,
      visible: 41,
      dying: 7,
      elsewhere: null,
      nokmem: false,
      accounting: null,
    });
  });

  test('a container within a container is found, each with its own id', () => {
    const inner = `system.slice/docker-${a}.scope/kubelet.slice/kubelet-kubepods.slice/pod1.slice/cri-containerd-${b}.scope`;
    const value = look(v2().write(`${base}/${inner}/io.pressure`, pressure('1.00')).world());
    expect(value.groups.map(({ path }) => path)).toContain(inner);
  });

  test('what is deeper than eight groups is not looked for', () => {
    const deep = `${base}/1/2/3/4/5/6/7/8/docker-${idOf('d4')}.scope/io.pressure`;
    expect(idsOf(look(v2().write(deep, pressure('1.00')).world()))).not.toContain(idOf('d4'));
  });
});

describe('a group in which no task is left', () => {
  const directory = `${base}/system.slice/docker-${a}.scope`;

  /** Looked at once in five seconds; which of its files are read each time. */
  function open(tree: Tree): () => { files: string[]; value: CgroupsValue } {
    const world = tree.world();
    let now = 0;
    const collector = new CgroupsCollector(world, { now: () => now });
    world.announceAll = true;
    return () => {
      const files: string[] = [];
      world.onRiskyRead = (file) => {
        if (file.includes(a)) files.push(file.split('/').at(-1) ?? '');
      };
      now += 5000;
      return { value: look(world, collector), files };
    };
  }

  test('is asked for nothing but its tasks after a minute, and not told of', () => {
    const poll = open(v2().write(`${directory}/pids.current`, '0\n').write(`${directory}/memory.current`, '8192\n'));
    for (let round = 0; round < 11; round++) expect(idsOf(poll().value)).toContain(a);
    // With the next list of all groups, after a minute.
    for (let round = 0; round < 3; round++) poll();
    const { files, value } = poll();
    expect(files).toEqual(['pids.current']);
    expect(idsOf(value)).toEqual([b]);
    expect(value.more).toBe(0);
  });

  test('is read again when one has come', () => {
    const tree = v2().write(`${directory}/pids.current`, '0\n');
    const poll = open(tree);
    for (let round = 0; round < 14; round++) poll();
    tree.write(`${directory}/pids.current`, '3\n').write(`${directory}/io.pressure`, pressure('70.00'));
    poll();
    expect(groupOf(poll().value, a)).toMatchObject({
      ioPressure: { value: { some: { avg10: 70 } } },
      use: { pids: 3 },
    });
  });

  test('is forgotten when it is removed', () => {
    const tree = v2().write(`${directory}/pids.current`, '0\n');
    const poll = open(tree);
    for (let round = 0; round < 14; round++) poll();
    tree.remove(directory);
    poll();
    expect(idsOf(poll().value)).toEqual([b]);
  });

  test('is read as before while it has one', () => {
    const poll = open(v2().write(`${directory}/pids.current`, '1\n'));
    for (let round = 0; round < 14; round++) poll();
    expect(poll().files).toContain('io.pressure');
  });
});

describe('on cgroup v1', () => {
  const v1 = (): Tree =>
    new Tree()
      .write('proc/cgroups', '#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t6\t20\t1\npids\t7\t4\t1\n')
      .write(`${base}/memory/docker/${a}/memory.usage_in_bytes`, '1')
      .write(`${base}/memory/k8s.io/${b}/tasks`, '')
      .write(`${base}/blkio/docker/${a}/blkio.throttle.io_service_bytes`, '8:0 Read 7\n8:0 Write 9\nTotal 16\n');

  test('there is no pressure, and bytes where a controller counts them', () => {
    const value = look(v1().world());
    expect(value.version).toBe('v1');
    expect(idsOf(value)).toEqual([a, b]);
    expect(groupOf(value, a)).toMatchObject({ ioPressure: { status: 'absent' }, io: { readBytes: 7, writeBytes: 9 } });
  });

  test('the bytes of the groups below count too where the kernel counts them', () => {
    const file = `${base}/blkio/docker/${a}/blkio.throttle.io_service_bytes_recursive`;
    const value = look(v1().write(file, '8:0 Read 70\n8:16 Read 7\nTotal 77\n').world());
    expect(groupOf(value, a).io).toEqual({ readBytes: 77, writeBytes: 0 });
  });

  test('removed groups that are still held are what the memory hierarchy counts beyond its directories', () => {
    // The root, docker, a, k8s.io, b.
    expect(look(v1().world()).memory).toMatchObject({ counted: 20, visible: 5, elsewhere: 4, dying: 15 });
  });

  test('every kernel below 5 is asked whether it accounts kernel memory, and newer ones are not', () => {
    const tree = v1().write(`${base}/memory/docker/${a}/memory.kmem.usage_in_bytes`, '4096\n');
    const of = (release: string) =>
      look(tree.write('proc/sys/kernel/osrelease', `${release}\n`).world()).memory.accounting;
    expect(of('4.19.25')).toEqual({ path: `docker/${a}`, usageBytes: 4096, slabs: null });
    expect(of('5.10.0-1')).toBeNull();
  });
});

describe('of captured nodes', () => {
  test('the hybrid one has pressure where the container waits', () => {
    const value = look(capturedWorld('cgroup-hybrid'));
    expect(value.version).toBe('hybrid');
    const writer = value.groups.find(({ containerId }) => containerId?.startsWith('e31363f05ae7'));
    expect(writer).toMatchObject({
      ioPressure: { value: { some: { avg10: 40, avg60: 12.54, totalMicros: 11_097_894 } } },
      io: { readBytes: 0, writeBytes: 0 },
    });
    expect(value.groups.filter(({ containerId }) => containerId !== null)).toHaveLength(3);
  });

  test('the one on 3.10 with accounting counts 64,011 memory groups, and has slab caches in a container', () => {
    const { memory } = look(capturedWorld('kmem-bad'));
    expect(memory).toMatchObject({ counted: 64_011, elsewhere: 131, dying: 63_880, nokmem: false });
    expect(memory.accounting?.slabs).toBe(20);
    expect(memory.accounting?.usageBytes).toBeGreaterThan(0);
  });

  test('the one that was booted without accounting has none', () => {
    const { memory } = look(capturedWorld('kmem-nokmem'));
    expect(memory).toMatchObject({ counted: 127, dying: 0, nokmem: true, accounting: { usageBytes: 0, slabs: 0 } });
  });
});

describe('what a container uses and may use', () => {
  const inV2 = `${base}/system.slice/docker-${a}.scope`;
  const limited = (): Tree =>
    v2()
      .write(`${inV2}/cpu.stat`, 'usage_usec 1730255\nuser_usec 900000\nsystem_usec 830255\n')
      .write(`${inV2}/memory.current`, '536870912\n')
      .write(`${inV2}/memory.max`, '1073741824\n')
      .write(`${inV2}/memory.events`, 'low 0\nhigh 0\nmax 41\noom 3\noom_kill 2\n')
      .write(`${inV2}/pids.current`, '12\n')
      .write(`${inV2}/pids.max`, 'max\n');

  test('is read on cgroup v2', () => {
    const value = look(limited().world(), new CgroupsCollector(limited().world(), { now: () => 0 }));
    expect(groupOf(value, a).use).toEqual({
      ageMs: 0,
      cpuMicros: 1_730_255,
      memoryBytes: 512 * 1024 ** 2,
      memoryLimitBytes: 1024 ** 3,
      pids: 12,
      pidsLimit: null,
      oomKills: 2,
    });
  });

  test('is missing of a group of which no controller counts anything', () => {
    expect(groupOf(look(limited().world()), b)).not.toHaveProperty('use');
  });

  test('is read on cgroup v1, each from its own hierarchy', () => {
    const tree = new Tree()
      .write(`${base}/memory/docker/${a}/memory.usage_in_bytes`, '4096\n')
      .write(`${base}/memory/docker/${a}/memory.limit_in_bytes`, '9223372036854771712\n')
      .write(`${base}/memory/docker/${a}/memory.oom_control`, 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n')
      .write(`${base}/cpuacct/docker/${a}/cpuacct.usage`, '2500000\n')
      .write(`${base}/pids/docker/${a}/pids.current`, '3\n')
      .write(`${base}/pids/docker/${a}/pids.max`, '100\n');
    expect(groupOf(look(tree.world(), new CgroupsCollector(tree.world(), { now: () => 0 })), a).use).toEqual({
      ageMs: 0,
      cpuMicros: 2500,
      memoryBytes: 4096,
      memoryLimitBytes: null,
      pids: 3,
      pidsLimit: 100,
      oomKills: 5,
    });
  });

  test('of a container with a name for an id is found by its task, and the list is made anew when one comes', () => {
    const tree = v2()
      .write(`${base}/default/web-0/memory.current`, '4096\n')
      .write(`${base}/other/web-0/pids.current`, '1\n');
    const tasks: { namespace: string; id: string }[] = [];
    const collector = new CgroupsCollector(tree.world(), { now: () => 0, namedTasks: () => tasks });
    expect(idsOf(look(tree.world(), collector))).toEqual([a, b]);
    tasks.push({ namespace: 'default', id: 'web-0' });
    const value = look(tree.world(), collector);
    expect(value.groups.filter(({ containerId }) => containerId === 'web-0')).toMatchObject([
      { path: 'default/web-0', use: { memoryBytes: 4096 } },
    ]);
  });

  test('a new limit is seen within a minute', () => {
    const tree = limited();
    let now = 0;
    const collector = new CgroupsCollector(tree.world(), { now: () => now });
    look(tree.world(), collector);
    tree.write(`${inV2}/memory.max`, '2147483648\n');
    now += 61_000;
    expect(groupOf(look(tree.world(), collector), a).use?.memoryLimitBytes).toBe(2 * 1024 ** 3);
  });

  test('of 500 containers is read in turns, and every container has its turn', () => {
    const tree = v2();
    const id = (n: number): string => n.toString(16).padStart(64, '0');
    for (let n = 0; n < 500; n++) tree.write(`${base}/docker/${id(n)}/pids.current`, '1\n');
    let now = 0;
    // Every question to the clock takes half a millisecond.
    const collector = new CgroupsCollector(tree.world(), { now: () => (now += 0.5) });
    const known = (): number => look(tree.world(), collector).groups.filter(({ use }) => use !== undefined).length;
    const seen = Array.from({ length: 120 }, known);
    expect(seen[0]).toBeLessThan(500);
    expect(Math.max(...seen)).toBe(500);
  });
});

describe('looking again', () => {
  test('finds a container that came when the count of groups has changed, and forgets one that went', () => {
    const tree = v2();
    const collector = new CgroupsCollector(tree.world(), { now: () => 0 });
    look(tree.world(), collector);
    const c = idOf('c3');
    tree.remove(`${base}/system.slice/docker-${a}.scope`).write(`${base}/docker/${c}/io.pressure`, pressure('1.00'));
    expect(idsOf(look(tree.world(), collector))).toEqual([b]);
    tree.write(`${base}/cgroup.stat`, 'nr_descendants 42\nnr_dying_descendants 7\n');
    expect(idsOf(look(tree.world(), collector))).toEqual([b, c].sort());
  });

  test('on a node with too many groups for one poll goes on in the next, and says how old each reading is', () => {
    const tree = v2();
    for (let n = 0; n < 40; n++) {
      tree.write(`${base}/docker/${n.toString(16).padStart(64, '0')}/io.pressure`, pressure('0.00'));
    }
    let now = 0;
    // Every question to the clock takes 5 ms.
    const collector = new CgroupsCollector(tree.world(), { now: () => (now += 5) });
    const seen: number[] = [];
    for (let turn = 0; turn < 60; turn++) {
      seen.push(idsOf(look(tree.world(), collector)).length);
      now += 5000;
    }
    expect(seen[0]).toBeLessThan(42);
    expect(Math.max(...seen)).toBe(42);
    const ages = look(tree.world(), collector).groups.flatMap(({ containerId, ageMs }) =>
      containerId === null ? [] : [ageMs],
    );
    expect(Math.min(...ages)).toBeLessThan(100);
    expect(Math.max(...ages)).toBeGreaterThan(5000);
  });

  test('of more than 512 groups gives those that wait most, and counts the rest', () => {
    const tree = v2();
    for (let n = 0; n < 600; n++) {
      const avg10 = n === 599 ? '55.00' : '0.00';
      tree.write(`${base}/docker/${n.toString(16).padStart(64, '0')}/io.pressure`, pressure(avg10));
    }
    const value = look(tree.world(), new CgroupsCollector(tree.world(), { now: () => 0 }));
    expect(value.groups).toHaveLength(512);
    expect(value.more).toBeGreaterThan(80);
    expect(idsOf(value)).toContain((599).toString(16).padStart(64, '0'));
  });
});

test('a node without control groups has none, calmly', () => {
  const tree = new Tree();
  expect(new CgroupsCollector(tree.world()).collect()).toEqual({
    status: 'absent',
    detail: `no cgroups at ${tree.roots.sysfs}/fs/cgroup`,
  });
});

test('what may block is announced: the count that takes a lock of all groups, and the slab caches', () => {
  const world = capturedWorld('kmem-bad');
  const announced: string[] = [];
  world.onRiskyRead = (path) => announced.push(path.slice(world.roots.rootfs.length));
  new CgroupsCollector(world, { now: () => 0 }).collect();
  expect(announced).toContain('/proc/cgroups');
  expect(announced.filter((path) => path.endsWith('memory.kmem.slabinfo'))).toHaveLength(3);
  expect(announced).toHaveLength(4);
});
