import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { filesOf, modeOf } from '../cli/bundle-node.ts';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { killPending, processesOfContainer } from './proc.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { run } from './run.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';
const secret = 'hunter2-s3cr3t';

const node = engineNode();

test('of a node with a container that cannot stop, a bundle holds its inspect without secrets, its stack and both daemons’ dumps', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  const options = [`--volume=${volume.path}:/data`, `--env=PLAIN=${secret}`, `--label=api-token=${secret}`];
  const id = await node.engine.run('writer', writeForEver, options);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  // Again and again: dockerd gives up a stop after 15 seconds, and its dump is to show one.
  let isOver = false;
  const stopping = (async () => {
    while (!isOver) await node.engine.stop('writer', 60_000);
  })();
  onTestFinished(async () => {
    isOver = true;
    volume.thaw();
    await stopping;
  });
  const writer = await waitFor('SIGKILL to be delivered to a process in D', () =>
    processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
  );

  const leaks: string[] = [];
  // On a busy machine a daemon may not have answered in the time that a bundle waits for it: then it is made again.
  await waitFor(
    'a bundle with all of it',
    async () => {
      const { files, missing } = await makeBundle();
      for (const [name, { text }] of files) if (text.includes(secret)) leaks.push(name);
      const text = (name: string): string =>
        files.get(name)?.text ?? `no ${name}; missing: ${JSON.stringify(missing)} in ${[...files.keys()].join(' ')}`;
      expect(text(`containers/${id}.json`)).toContain('PLAIN=…');
      expect(text(`proc/${writer.pid}/stack`)).toMatch(/^\[<0>\] \w+\+0x/);
      expect(text(`proc/${writer.pid}/wchan`)).toMatch(/^\w{4,}$/);
      expect(text('daemons/dockerd/goroutines.debug2.txt')).toMatch(/\.ContainerStop\(|\.containerStop\(/);
      expect(text('daemons/containerd/goroutines.debug2.txt')).toMatch(/^goroutine \d+ \[/);
      expect(files.has('daemons/dockerd/heap.pb.gz')).toBe(true);
      expect(files.has('daemons/containerd/heap.pb.gz')).toBe(true);
      expect(JSON.parse(text('report.json')).findings).toContainEqual(
        expect.objectContaining({ id: 'unkillable-container' }),
      );
      expect([...files.keys()].filter((name) => name.startsWith('cgroup/') && name.includes(id))).not.toEqual([]);
      expect([...files.keys()].filter((name) => name.startsWith('mounts/'))).not.toEqual([]);
      return true;
    },
    { timeoutMs: 200_000 },
  );
  expect(leaks).toEqual([]);
});

async function makeBundle() {
  const folder = node.scratch.of('bundles');
  const { status, stdout, stderr } = await node.rtwatch.run('bundle', '--json', '--dump-dir', folder);
  expect(stderr).toContain('rtwatch: sampling the node');
  expect(status).toBe(0);
  const outcome = JSON.parse(stdout) as { path: string; bytes: number; entries: number; missing: { what: string }[] };
  expect(fs.statSync(outcome.path).size).toBe(outcome.bytes);
  expect([modeOf(outcome.path), modeOf(folder)]).toEqual(['600', '700']);
  const files = await filesOf(outcome.path);
  expect(files.size).toBe(outcome.entries);
  return { files, missing: outcome.missing };
}

test('a disk that hangs below the archive ends the command with a word about it', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  await volume.freeze();
  onTestFinished(() => volume.thaw());

  const args = ['bundle', '--docker-host', node.engine.host, '--dump-dir', `${volume.path}/bundles`];
  const { status, stderr } = await run(launcher, args, { env: cleanEnv(node.scratch) });

  expect(status).toBe(74);
  expect(stderr).toContain('hang. Name another folder with --dump-dir');
});
