import fs from 'node:fs';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { otherEngineHint } from '../../../src/collect/engine/other-engine.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

function world(): { world: World; socket: string } {
  const { roots } = new Tree().write('run/podman/.keep', '');
  return { world: new World(roots), socket: `${roots.rootfs}/run/podman/podman.sock` };
}

test('Podman’s socket is named as it has to be typed', async () => {
  const node = world();
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(node.socket, resolve));
  onTestFinished(() => void server.close());
  expect(otherEngineHint(node.world)).toBe(`Podman’s socket is here: --docker-host unix://${node.socket}`);
});

test('nothing is named where there is no socket, or where a file has its name', () => {
  const node = world();
  expect(otherEngineHint(node.world)).toBeNull();
  fs.writeFileSync(node.socket, '');
  expect(otherEngineHint(node.world)).toBeNull();
});
