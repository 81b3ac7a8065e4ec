import fs from 'node:fs';
import { expect, test } from 'vitest';
import { PodmanService } from '../../../src/collect/daemons/podman-service.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

/** A `podman run` (pid 20) beside a service (pid 30) that listens at a path. */
function node(path: string): { tree: Tree; find: (url: string, now?: number) => number | undefined } {
  const tree = new Tree().process(20, { comm: 'podman', starttime: 1 }).process(30, { comm: 'podman', starttime: 2 });
  tree.write('proc/20/net/unix', '').write('proc/20/fd/3', 'pipe:[7]');
  tree
    .write('proc/30/net/unix', `0: 00000002 00000000 00010000 0001 01 99 ${path}\n`)
    .write('proc/30/fd/3', 'socket:[99]');
  const world = new World({ ...tree.roots, rootfs: '/' });
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const service = new PodmanService(world);
  return { tree, find: (url, now = 0) => service.find(url, table.named('podman'), now)?.stat.pid };
}

test('the service is the podman process that listens on the socket, not one that runs a container', () => {
  expect(node('/run/podman/podman.sock').find('unix:///run/podman/podman.sock')).toBe(30);
});

test('a service on another socket, or an engine that is asked over TCP, is not taken for it', () => {
  expect(node('/run/user/1000/podman/podman.sock').find('unix:///run/podman/podman.sock')).toBeUndefined();
  expect(node('/run/podman/podman.sock').find('tcp://127.0.0.1:2375')).toBeUndefined();
});

test('the service is found through a link at Docker’s path', () => {
  const { tree, find } = node('/run/podman/podman.sock');
  fs.symlinkSync('/run/podman/podman.sock', `${tree.roots.procfs}/docker.sock`);
  expect(find(`unix://${tree.roots.procfs}/docker.sock`)).toBe(30);
});

test('after a search without result the descriptors are not read again for ten seconds', () => {
  const { tree, find } = node('/run/other.sock');
  expect(find('unix:///run/podman/podman.sock', 0)).toBeUndefined();
  tree.write('proc/30/net/unix', '0: 00000002 00000000 00010000 0001 01 99 /run/podman/podman.sock\n');
  expect(find('unix:///run/podman/podman.sock', 9000)).toBeUndefined();
  expect(find('unix:///run/podman/podman.sock', 10_000)).toBe(30);
});

test('the name of a socket is looked up once in ten seconds, and at once for another socket', () => {
  const tree = new Tree();
  const link = (name: string): string => `${tree.roots.procfs}/${name}`;
  const service = new PodmanService(new World({ ...tree.roots, rootfs: '/' }));
  expect(service.hasName(link('docker.sock'), 0)).toBe(false);
  fs.symlinkSync('/run/podman/podman.sock', link('docker.sock'));
  fs.symlinkSync('/run/podman/podman.sock', link('other.sock'));
  expect(service.hasName(link('docker.sock'), 9000)).toBe(false);
  expect(service.hasName(link('docker.sock'), 10_000)).toBe(true);
  expect(service.hasName(link('other.sock'), 10_001)).toBe(true);
});
