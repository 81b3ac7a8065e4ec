import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CniPlugin } from '../../src/sample/cni.ts';
import type { CriContainerd } from './cri-containerd.ts';
import { containerds, criNode } from './cri-node.ts';
import { NodeWatch } from './node-watch.ts';
import { Rtwatch } from './rtwatch.ts';

let tries = 0;

/** A plugin that does not finish as long as a file is there, and that of the loopback device, which containerd always runs. */
function writePlugins(node: CriContainerd, hold: string): void {
  const bin = node.scratch.of('cni-bin');
  fs.mkdirSync(bin, { recursive: true });
  const answer = (version: string): string =>
    `printf '{"cniVersion":"${version}","interfaces":[{"name":"eth0","sandbox":"%s"}],"ips":[{"version":"4","address":"10.9.0.2/24","interface":0}]}' "$CNI_NETNS"`;
  const waits = `while [ "$CNI_COMMAND" = ADD ] && [ -e ${hold} ]; do sleep 1; done`;
  const plugins = { 'slow-net': [waits, answer('0.4.0')], loopback: [answer('0.3.1')] };
  for (const [name, lines] of Object.entries(plugins))
    fs.writeFileSync(`${bin}/${name}`, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  const list = { cniVersion: '0.4.0', name: 'slow', plugins: [{ type: 'slow-net' }] };
  fs.mkdirSync(node.scratch.of('cni-conf'), { recursive: true });
  fs.writeFileSync(node.scratch.of('cni-conf', '10-slow.conflist'), JSON.stringify(list));
}

describe.each(containerds)('a containerd %s', (_, { newer, isThere }) => {
  describe.skipIf(!isThere)('with a network', () => {
    const node = criNode(newer);

    test('a CNI plugin that does not finish is seen with its pod, until it does', async () => {
      // A name of its own for each try.
      const name = `net-${tries++}`;
      const hold = node.scratch.of(`hold-${name}`);
      fs.writeFileSync(hold, '');
      writePlugins(node, hold);
      const watch = new NodeWatch(new Rtwatch(node.scratch, null), ['--cri', `unix://${node.socketPath}`]);
      onTestFinished(() => watch.close());
      const starting = node.runPod(name, { network: 'pod', timeoutMs: 150_000 });
      onTestFinished(async () => {
        fs.rmSync(hold, { force: true });
        await starting.catch(() => {});
      });
      const ofNode = ({ ppid }: CniPlugin): boolean => ppid === node.pid;
      // In a poll between two of its sleeps, or before the first, it has no child.
      const plugin = await watch.until('the plugin, and what it waits for', (model) =>
        model.processes?.cniPlugins.find((one) => ofNode(one) && one.waitsFor === 'sleep'),
      );
      expect(plugin).toMatchObject({ comm: 'slow-net', parentComm: 'containerd', command: 'ADD', pod: `shop/${name}` });
      fs.rmSync(hold);
      const pod = await starting;
      expect(plugin.sandboxId).toBe(pod.id);
      await watch.until('it to be over', ({ processes }) => processes && !processes.cniPlugins.some(ofNode));
    });
  });
});
