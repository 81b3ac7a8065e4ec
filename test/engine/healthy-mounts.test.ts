import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';

/** Longer than a mount must outlive its container to be called leaked, and several looks. */
const lookMs = 85_000;

// With / shared, as systemd makes it: the exporter below needs that, and not every test machine has it.
const node = engineNode({ ownMountNamespace: 'shared', liveRestore: false }, 120_000);

test('a healthy node with thirty containers, an exporter with / mounted and private namespaces has no leaked mount', async () => {
  for (let from = 0; from < 30; from += 5) {
    await Promise.all([0, 1, 2, 3, 4].map((n) => node.engine.run(`web-${from + n}`, 'exec sleep 99999')));
  }
  // As node exporters do; the others' layers show below /rootfs in it.
  await node.engine.run('exporter', 'exec sleep 99999', ['--volume=/:/rootfs:ro,rslave']);
  // As systemd does for PrivateTmp and the like: a namespace that gets unmounts from the host.
  const service = spawn(
    'nsenter',
    [...['-t', `${node.engine.dockerdPid}`, '-m'], 'unshare', '-m', '--propagation', 'slave', 'sleep', '99997'],
    {
      cwd: node.scratch.path,
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void service.kill('SIGKILL'));
  await node.engine.docker('stop', '-t', '0', 'web-7', 'web-8');
  const found = new Set<string>();
  const watch = new NodeWatch(node.rtwatch, [], ({ verdicts }) => {
    for (const { id, title, evidence } of verdicts.findings) {
      if (/mount/.test(id)) found.add(`${id}: ${title}; ${evidence.map(({ text }) => text).join('; ')}`);
    }
  });
  onTestFinished(() => watch.close());
  await watch.until('the mounts to be read', (model) => (model.mounts?.list.length ?? 0) > 1);

  const end = performance.now() + lookMs;
  await watch.until('the poll to be over', () => performance.now() > end, lookMs + 60_000);
  // Removed while the exporter and the service still see the node: their copies go with it.
  await node.engine.docker('rm', '-f', 'web-7', 'web-1', 'web-2');
  const later = performance.now() + 75_000;
  await watch.until('the second poll to be over', () => performance.now() > later, 135_000);

  expect([...found]).toEqual([]);
}, 600_000);
