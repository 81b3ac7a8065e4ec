import fs from 'node:fs';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DaemonDescriptors } from '../../../src/collect/daemons/fds.ts';
import { liveRoots, World } from '../../../src/collect/world.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Tree, temporaryFolder } from '../../support/world.ts';

const heading = 'Num       RefCount Protocol Flags    Type St Inode Path\n';

/** A process whose descriptors lead where the links say. */
function withLinks(links: readonly string[], netUnix: string | null = null): Tree {
  const tree = new Tree();
  for (const [fd, link] of links.entries()) tree.write(`proc/7/fd/${fd}`, link);
  return netUnix === null ? tree : tree.write('proc/7/net/unix', heading + netUnix);
}

const accepted = (inode: number, references = 3): string =>
  `0: 0000000${references} 00000000 00000000 0001 03 ${inode} /run/docker.sock\n`;

describe('the descriptors of a daemon', () => {
  test('are grouped by what they lead to', () => {
    const links = [
      ...['/dev/null', '/var/lib/docker/network/files/local-kv.db', 'socket:[11]', 'socket:[12]', 'socket:[13]'],
      ...['pipe:[5]', 'anon_inode:[eventpoll]', 'anon_inode:inotify', 'net:[4026531992]', 'pidfd:[99]'],
    ];
    const tree = withLinks(links);
    expect(new DaemonDescriptors(tree.world()).read(7)).toEqual({
      fds: 10,
      fdKinds: {
        sockets: 3,
        unixSockets: null,
        accepted: null,
        peerless: null,
        pipes: 1,
        files: 2,
        anonymous: 4,
        unseen: 0,
      },
    });
  });

  test('that are accepted connections are distinguished from those that listen, that connect and that are no unix sockets', () => {
    const table =
      '0: 00000002 00000000 00010000 0001 01 11 /run/docker.sock\n' +
      accepted(12) +
      accepted(13, 2) +
      '0: 00000003 00000000 00000000 0001 03 14\n' +
      accepted(999);
    const tree = withLinks(
      [11, 12, 13, 14, 15].map((inode) => `socket:[${inode}]`),
      table,
    );
    expect(new DaemonDescriptors(tree.world()).read(7).fdKinds).toMatchObject({
      sockets: 5,
      unixSockets: 4,
      accepted: 2,
      peerless: 1,
    });
  });

  test('beyond those read are counted, and those read are spread over all', () => {
    const tree = withLinks(Array.from({ length: 8192 }, (_, n) => (n < 4096 ? '/dev/null' : 'pipe:[1]')));
    const { fds, fdKinds } = new DaemonDescriptors(tree.world()).read(7);
    expect(fds).toBe(8192);
    expect(fdKinds).toMatchObject({ unseen: 4096 });
    expect((fdKinds?.files ?? 0) + (fdKinds?.pipes ?? 0)).toBe(4096);
    expect(fdKinds?.files).toBeGreaterThan(1800);
    expect(fdKinds?.pipes).toBeGreaterThan(1800);
  });

  test('are read every ten seconds, and counted every time', () => {
    const tree = withLinks(['/dev/null']);
    let now = 0;
    const descriptors = new DaemonDescriptors(tree.world(), () => now);
    expect(descriptors.read(7)).toMatchObject({ fds: 1, fdKinds: { files: 1 } });
    tree.write('proc/7/fd/1', '/dev/zero');
    now += 9000;
    expect(descriptors.read(7)).toMatchObject({ fds: 2, fdKinds: { files: 1 } });
    now += 1500;
    expect(descriptors.read(7)).toMatchObject({ fds: 2, fdKinds: { files: 2 } });
  });

  test('are read less often when it takes long', () => {
    const tree = withLinks(['/dev/null']);
    let now = 0;
    // Every question to the clock takes a second.
    const descriptors = new DaemonDescriptors(tree.world(), () => (now += 1000));
    descriptors.read(7);
    tree.write('proc/7/fd/1', '/dev/zero');
    now += 20_000;
    expect(descriptors.read(7)).toMatchObject({ fds: 1, fdKinds: { files: 1 } });
    now += 120_000;
    expect(descriptors.read(7)).toMatchObject({ fds: 2, fdKinds: { files: 2 } });
  });

  test('of another process than before are read at once', () => {
    const tree = withLinks(['/dev/null']).write('proc/8/fd/0', 'pipe:[1]');
    const descriptors = new DaemonDescriptors(tree.world(), () => 0);
    descriptors.read(7);
    expect(descriptors.read(8).fdKinds).toMatchObject({ files: 0, pipes: 1 });
  });

  test('that may not be seen are not reported', () => {
    expect(new DaemonDescriptors(new Tree().world()).read(7)).toEqual({ fds: null, fdKinds: null });
  });

  test('of this process are those that the kernel lists, and a connection whose peer has gone is reported', async () => {
    const socketPath = `${temporaryFolder()}/s`;
    const sockets: net.Socket[] = [];
    const server = net.createServer({ allowHalfOpen: true }, (socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const clients = Array.from({ length: 6 }, () => net.connect(socketPath));
    onTestFinished(() => {
      for (const socket of [...clients, ...sockets]) socket.destroy();
      server.close();
    });
    await waitFor('six connections', () => sockets.length === 6);
    const look = () => new DaemonDescriptors(new World(liveRoots)).read(process.pid);
    const before = look();
    // The listing itself opens a descriptor.
    expect(Math.abs((before.fds ?? 0) - fs.readdirSync('/proc/self/fd').length)).toBeLessThanOrEqual(1);
    expect(before.fdKinds).toMatchObject({ accepted: 6, peerless: 0, unseen: expect.toSatisfy((n) => n <= 1) });
    clients[0]?.destroy();
    clients[1]?.destroy();
    // Half closed is not gone: its peer still reads.
    clients[2]?.end();
    await waitFor('two without a peer', () => look().fdKinds?.peerless === 2);
    expect(look().fdKinds).toMatchObject({ accepted: 6, peerless: 2 });
  });
});
