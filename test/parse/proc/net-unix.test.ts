import { expect, test } from 'vitest';
import { parseListeningUnixSockets, parseUnixSockets } from '../../../src/parse/proc/net-unix.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const text = `Num       RefCount Protocol Flags    Type St Inode Path
ffff8881013a8000: 00000002 00000000 00010000 0001 01 42037 /var/run/docker.sock
ffff8881013a8400: 00000003 00000000 00000000 0001 03 42099 /var/run/docker.sock
ffff8881013a8800: 00000002 00000000 00010000 0001 01 41200 /run/containerd/debug.sock
0000000000000000: 00000002 00000000 00010000 0001 01 17777 @/containerd-shim/moby/0123abcd/shim.sock@
0000000000000000: 00000003 00000000 00000000 0001 03 18000
0000000000000000: 00000002 00000000 00000000 0002 01 18001 /run/systemd/journal/socket
0000000000000000: 00000002 00000000 00010000 0005 01 18002 /run/udev/control
`;

test('the sockets that listen are reported by inode', () => {
  expect(parseListeningUnixSockets(text)).toEqual(
    new Map([
      ['42037', '/var/run/docker.sock'],
      ['41200', '/run/containerd/debug.sock'],
      ['17777', '@/containerd-shim/moby/0123abcd/shim.sock@'],
      ['18002', '/run/udev/control'],
    ]),
  );
});

test('a socket that was accepted has the same path and does not listen', () => {
  expect(parseListeningUnixSockets(text).has('42099')).toBe(false);
});

test('a path may hold a space', () => {
  const line = '0: 00000002 00000000 00010000 0001 01 7 /run/a b/debug.sock\n';
  expect(parseListeningUnixSockets(line)).toEqual(new Map([['7', '/run/a b/debug.sock']]));
});

test('the heading is not a socket, and an empty file has none', () => {
  expect(parseListeningUnixSockets('Num       RefCount Protocol Flags    Type St Inode Path\n')).toEqual(new Map());
  expect(parseListeningUnixSockets('')).toEqual(new Map());
});

test('every socket is reported with its state and its users, by inode', () => {
  const sockets = parseUnixSockets(text);
  expect(sockets.size).toBe(7);
  expect(sockets.get('42099')).toEqual({
    path: '/var/run/docker.sock',
    listening: false,
    connected: true,
    references: 3,
  });
  expect(sockets.get('18000')).toEqual({ path: null, listening: false, connected: true, references: 3 });
  expect(sockets.get('42037')).toMatchObject({ listening: true, connected: false, references: 2 });
});

test('the users of a socket are counted in hexadecimal', () => {
  expect(parseUnixSockets('0: 0000001f 00000000 00000000 0002 01 7 /dev/log\n').get('7')?.references).toBe(31);
});

test('any text gives sockets', () => {
  expectToBear(parseListeningUnixSockets, [text]);
  expectToBear(parseUnixSockets, [text]);
});

test('no text takes long', () => expectNoHang(parseListeningUnixSockets, [text, '0: 1 ', ' 00010000']));
