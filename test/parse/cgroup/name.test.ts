import { describe, expect, test } from 'vitest';
import { containerOfGroup, isCgroupFile } from '../../../src/parse/cgroup/name.ts';
import { idOf } from '../../support/samples.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const id = idOf('a1');

describe('the container of a group', () => {
  test.each([
    id,
    `docker-${id}.scope`,
    `cri-containerd-${id}.scope`,
    `crio-${id}.scope`,
    `libpod-${id}.scope`,
    `libpod-${id}`,
    `nerdctl-${id}.scope`,
    `kubepods-burstable-pod7d.slice:cri-containerd:${id}`,
  ])('is in the name %s', (name) => {
    expect(containerOfGroup(name)).toBe(id);
  });

  test.each([
    `crio-conmon-${id}.scope`,
    `libpod-conmon-${id}.scope`,
    `docker-${id}.mount`,
    `${id}0`,
    id.slice(1),
    'kubepods-burstable-pod7d0f0a5e_f6ab.slice',
    '',
  ])('is not in the name %j', (name) => {
    expect(containerOfGroup(name)).toBeNull();
  });
});

describe('a name in the control group filesystem', () => {
  test.each([
    ...['cgroup.procs', 'memory.kmem.slabinfo', 'io.pressure', 'cpuacct.usage', 'tasks', 'release_agent'],
    ...['notify_on_release', 'hugetlb.1GB.limit_in_bytes', 'blkio.throttle.io_service_bytes', 'net_cls.classid'],
  ])('%s is a file', (name) => {
    expect(isCgroupFile(name)).toBe(true);
  });

  test.each(['docker', 'system.slice', 'k8s.io', 'kubepods', 'init.scope', `docker-${id}.scope`, 'memory', 'io'])(
    '%s is a group',
    (name) => {
      expect(isCgroupFile(name)).toBe(false);
    },
  );
});

test('any name is borne', () => {
  expectToBear(containerOfGroup, [`docker-${id}.scope`]);
  expectToBear(isCgroupFile, ['memory.kmem.slabinfo']);
});

test('no name takes long', () => {
  expectNoHang(containerOfGroup, [id, 'conmon-', 'docker-']);
  expectNoHang(isCgroupFile, ['memory.', 'cgroup']);
});
