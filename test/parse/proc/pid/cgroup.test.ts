import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerIds } from '../../../../src/parse/proc/pid/cgroup.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const parseContainerId = (text: string): string | null => parseContainerIds(text)[0] ?? null;

const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';
const inner = '6d81f2f83971a645096e12d350ae4eb3c687684d992934267419fc1193c03163';
const uid = '5c1d7c52-1a0e-11ee-9d2a-246e967c4efc';
const uidScored = uid.replaceAll('-', '_');

const v1 = (path: string): string =>
  [
    '12:freezer',
    '11:net_cls,net_prio',
    '10:cpuset',
    '9:memory',
    '8:pids',
    '7:cpu,cpuacct',
    '6:blkio',
    '5:devices',
    '4:perf_event',
    '3:hugetlb',
    '2:rdma',
    '1:name=systemd',
  ]
    .map((hierarchy) => `${hierarchy}:${path}\n`)
    .join('');
const v2 = (path: string): string => `0::${path}\n`;

const containers: readonly (readonly [string, string])[] = [
  ['docker with cgroupfs', `/docker/${id}`],
  ['docker with a parent of its own', `/batch/jobs/${id}`],
  ['docker with systemd', `/system.slice/docker-${id}.scope`],
  ['docker with a slice for a parent', `/machines.slice/docker-${id}.scope`],
  ['rootless docker', `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`],
  ['a burstable pod with cgroupfs', `/kubepods/burstable/pod${uid}/${id}`],
  ['a best-effort pod with cgroupfs', `/kubepods/besteffort/pod${uid}/${id}`],
  ['a guaranteed pod with cgroupfs', `/kubepods/pod${uid}/${id}`],
  [
    'a pod with systemd and docker',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uidScored}.slice/docker-${id}.scope`,
  ],
  [
    'a pod with systemd and containerd',
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${uidScored}.slice/cri-containerd-${id}.scope`,
  ],
  ['a pod with systemd and CRI-O', `/kubepods.slice/kubepods-pod${uidScored}.slice/crio-${id}.scope`],
  ['a driver mismatch, with colons', `/system.slice/kubepods-burstable-pod${uidScored}.slice:cri-containerd:${id}`],
  [
    'a kubelet in a slice of its own',
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${uidScored}.slice/cri-containerd-${id}.scope`,
  ],
  ['podman with systemd', `/machine.slice/libpod-${id}.scope/container`],
  ['podman with cgroupfs', `/libpod_parent/libpod-${id}`],
  ['rootless podman', `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`],
  ['nerdctl', `/default/${id}`],
  ['nerdctl with systemd', `/system.slice/nerdctl-${id}.scope`],
  ['a removed cgroup of a zombie', `/docker/${id} (deleted)`],
  ['a removed scope', `/system.slice/docker-${id}.scope (deleted)`],
  ['another cgroup namespace', `/../../docker/${id}`],
  ['a nested cgroup inside the container', `/system.slice/docker-${id}.scope/init.scope`],
  ['docker-in-docker, whose outer container the node knows', `/docker/${id}/docker/${inner}`],
  [
    'kind, whose node is a container',
    `/docker/${id}/kubelet.slice/kubelet-kubepods-pod${uidScored}.slice/x-${inner}.scope`,
  ],
];

const others: readonly (readonly [string, string])[] = [
  ['the root', '/'],
  ['a service', '/system.slice/docker.service'],
  ['a user session', '/user.slice/user-0.slice/session-1.scope'],
  ['the pod itself', `/kubepods/burstable/pod${uid}`],
  ['a container of ctr with a name for an id', '/default/batch-1'],
  ['a build', '/docker/buildkit/x7u2vqg3n1k8w0a5c9d4e6f2b'],
  ['the monitor of CRI-O', `/system.slice/crio-conmon-${id}.scope`],
  ['the monitor of podman', `/machine.slice/libpod-conmon-${id}.scope`],
  ['a hexadecimal number that is too long', `/docker/${id}0`],
  ['one that is too short', `/docker/${id.slice(1)}`],
  ['one in capitals', `/docker/${id.toUpperCase()}`],
];

describe.each([
  ['version 1', v1],
  ['version 2', v2],
])('on cgroup %s', (_, file) => {
  test.each(containers)('the container is known from the path of %s', (_what, path) => {
    expect(parseContainerId(file(path))).toBe(id);
  });

  test.each(others)('%s is no container', (_what, path) => {
    expect(parseContainerId(file(path))).toBeNull();
  });
});

describe('on a hybrid node', () => {
  test('the container is known although the unified line says the root', () => {
    expect(parseContainerId(`9:name=systemd:/docker/${id}\n4:memory:/docker/${id}\n0::/\n`)).toBe(id);
  });

  test('memory is believed before pids, pids before systemd, and systemd before the unified line', () => {
    const lines = [`4:memory:/docker/${id}`, `8:pids:/docker/${inner}`, `1:name=systemd:/b/${'b'.repeat(64)}`];
    const unified = `0::/docker/${'c'.repeat(64)}`;
    const rest = `3:hugetlb:/docker/${'d'.repeat(64)}`;
    expect(parseContainerId([rest, unified, ...lines.toReversed()].join('\n'))).toBe(id);
    expect(parseContainerId([rest, unified, ...lines.slice(1)].join('\n'))).toBe(inner);
    expect(parseContainerId([rest, unified, ...lines.slice(2)].join('\n'))).toBe('b'.repeat(64));
    expect(parseContainerId([rest, unified].join('\n'))).toBe('c'.repeat(64));
  });

  test('memory is found among the controllers that share its hierarchy', () => {
    const text = `8:pids:/docker/${inner}\n5:cpu,memory,blkio:/docker/${id}\n`;
    expect(parseContainerId(text)).toBe(id);
  });
});

test('an empty file, as a process leaves that ended, is no container', () => {
  expect(parseContainerId('')).toBeNull();
});

test('all containers around a process are reported, the outermost first', () => {
  expect(parseContainerIds(v2(`/docker/${id}/docker/${inner}`))).toEqual([id, inner]);
  expect(parseContainerIds(v1(`/docker/${id}`))).toEqual([id]);
  expect(parseContainerIds(v1('/'))).toEqual([]);
});

test('whatever stands around it, an id between slashes is found', () => {
  const part = fc.stringMatching(/^[g-z_.]{0,12}$/);
  const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 }).map((d) => d.join(''));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), hex, part, (before, container, after) => {
      expect(parseContainerId(v2(`/${[...before, container, after].join('/')}`))).toBe(container);
    }),
    { numRuns: 500 },
  );
});

const samples = [v1(`/docker/${id}`), v2(`/docker/${id}/docker/${inner}`), v1('/')];

test('any text gives an id or null', () => {
  expectToBear((text) => {
    const found = parseContainerId(text);
    if (found !== null) expect(found).toMatch(/^[0-9a-f]{64}$/);
  }, samples);
});

test('no text takes long', () => expectNoHang(parseContainerId, [...samples, '0::', 'conmon-', 'f', ':', 'cpu,']));
