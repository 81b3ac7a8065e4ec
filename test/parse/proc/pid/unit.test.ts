import { describe, expect, test } from 'vitest';
import { parsePidUnit } from '../../../../src/parse/proc/pid/unit.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';

const v1 = (path: string): string => `9:name=systemd:${path}\n8:pids:/elsewhere.service\n4:memory:/\n0::/\n`;
const v2 = (path: string): string => `0::${path}\n`;

describe.each([
  ['version 1', v1],
  ['version 2', v2],
])('on cgroup %s the unit', (_, file) => {
  test.each([
    ['a service', '/system.slice/chrony.service', 'chrony.service'],
    ['dockerd’s, which its shims share', '/system.slice/docker.service', 'docker.service'],
    ['a service that divides its group', '/system.slice/nginx.service/worker', 'nginx.service'],
    ['an instance', '/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service'],
    ['a session', '/user.slice/user-0.slice/session-3.scope', 'session-3.scope'],
    ['a user’s own', '/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service', 'sync.service'],
    ['pid 1', '/init.scope', 'init.scope'],
    ['one that was removed', '/system.slice/old.service (deleted)', 'old.service'],
  ])('of %s is the innermost', (_what, path, unit) => {
    expect(parsePidUnit(file(path))).toBe(unit);
  });

  test.each([
    ['the root', '/'],
    ['a slice alone', '/system.slice'],
    ['a container', `/docker/${id}`],
    ['a container with systemd', `/system.slice/docker-${id}.scope`],
    ['a container of a pod', `/kubepods.slice/kubepods-podx.slice/cri-containerd-${id}.scope`],
    ['a unit inside a container', `/docker/${id}/system.slice/nginx.service`],
    ['the monitor of CRI-O', `/machine.slice/crio-conmon-${id}.scope`],
    ['a container of ctr', '/default/batch-1'],
  ])('of %s is none', (_what, path) => {
    expect(parsePidUnit(file(path))).toBeNull();
  });
});

test('systemd’s own hierarchy is believed before the unified one, wherever it stands', () => {
  expect(parsePidUnit('0::/a.service\n1:name=systemd:/b.service\n')).toBe('b.service');
  expect(parsePidUnit('1:name=systemd:/b.service\n0::/a.service\n')).toBe('b.service');
});

test('a node without systemd has no units', () => {
  expect(parsePidUnit('4:memory:/\n3:cpu,cpuacct:/\n')).toBeNull();
  expect(parsePidUnit('')).toBeNull();
});

const samples = [v1('/system.slice/chrony.service'), v2(`/docker/${id}/system.slice/nginx.service`)];

test('any text gives a unit or null', () => {
  expectToBear((text) => {
    const unit = parsePidUnit(text);
    if (unit !== null) expect(unit).toMatch(/\.(?:service|scope)$/);
  }, samples);
});

test('no text takes long', () => expectNoHang(parsePidUnit, [...samples, '0::/', '/a.service', '.service', 'f']));
