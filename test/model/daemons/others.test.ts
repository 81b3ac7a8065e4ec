import { expect, test } from 'vitest';
import { otherDaemonText } from '../../../src/model/daemons/others.ts';

test.each([
  ['dockerd', ['unix:///run/b.sock'], 'also here: dockerd (pid 812), to watch it: --docker-host unix:///run/b.sock'],
  [
    'dockerd',
    ['unix:///run/b.sock', 'tcp://127.0.0.1:2375'],
    'also here: dockerd (pid 812), to watch it: --docker-host unix:///run/b.sock (or tcp://127.0.0.1:2375)',
  ],
  ['dockerd', [], 'also here: dockerd (pid 812); where it listens is not known'],
  ['containerd', ['unix:///run/c.sock'], 'also here: containerd (pid 812) listens on unix:///run/c.sock'],
] as const)('another %s at %j is named with the option that watches it, if there is one', (name, sockets, text) => {
  expect(otherDaemonText({ name, pid: 812, sockets })).toBe(text);
});
