import { expect, test } from 'vitest';
import { DiskStatuses } from '../../../src/collect/cri/disk-statuses.ts';
import { Tree } from '../../support/world.ts';

const [a, b] = ['a1'.repeat(32), 'b2'.repeat(32)] as const;
const folder = 'var/lib/containerd/io.containerd.grpc.v1.cri/containers';
const status = JSON.stringify({ Version: 'v1', Pid: 7, CreatedAt: 1.795e18, StartedAt: 1.795e18, FinishedAt: 0 });

function open(tree: Tree, socket = '/run/containerd/containerd.sock') {
  const world = tree.world();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path.slice(tree.rootfs.length + 1));
  return { world, risky, statuses: new DiskStatuses(world, socket) };
}

test('each file is read once, and announced', () => {
  const { risky, statuses } = open(new Tree().write(`${folder}/${a}/status`, status));
  statuses.read([a, b, 'not-an-id']);
  statuses.read([a, b]);
  expect(statuses.list.map(({ containerId }) => containerId)).toEqual([a]);
  expect(risky).toEqual([`${folder}/${a}/status`, `${folder}/${b}/status`]);
});

test('after one that hung none is read', () => {
  const tree = new Tree().write(`${folder}/${a}/status`, status).write(`${folder}/${b}/status`, status);
  const { world, risky, statuses } = open(tree);
  world.avoided.push(`${tree.rootfs}/${folder}/${b}/status`);
  statuses.read([a, b]);
  expect(statuses.list).toEqual([]);
  expect(risky).toEqual([]);
});

test('a containerd whose root is not known is left alone, and that of k3s has another', () => {
  const elsewhere = 'var/lib/rancher/k3s/agent/containerd/io.containerd.grpc.v1.cri/containers';
  const tree = new Tree().write(`${elsewhere}/${a}/status`, status);
  const k3s = open(tree, '/run/k3s/containerd/containerd.sock');
  k3s.statuses.read([a]);
  expect(k3s.statuses.list).toHaveLength(1);
  const other = open(tree, '/run/docker/containerd/containerd.sock');
  other.statuses.read([a]);
  expect(other.risky).toEqual([]);
});

test('a damaged file says nothing', () => {
  const { statuses } = open(new Tree().write(`${folder}/${a}/status`, '{"Version":'));
  statuses.read([a]);
  expect(statuses.list).toEqual([]);
});

test('containers that are gone make room for others, however many there were', () => {
  const tree = new Tree();
  const ids = Array.from({ length: 1100 }, (_, n) => n.toString(16).padStart(64, '0'));
  for (const id of ids.slice(-10)) tree.write(`${folder}/${id}/status`, status);
  const { statuses } = open(tree);
  for (let from = 0; from < ids.length; from += 10) statuses.read(ids.slice(from, from + 10));
  expect(statuses.list.map(({ containerId }) => containerId)).toEqual(ids.slice(-10));
});
