import fs from 'node:fs';
import path from 'node:path';
import type { DaemonSet } from 'kubernetes-types/apps/v1.d.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { yamlOf } from '../deploy/files.ts';
import { asDockerRun } from '../deploy/pod-as-docker.ts';
import { Engine } from '../engine/engine.ts';
import { FrozenVolume } from '../engine/frozen-volume.ts';
import { killPending, processesOfContainer } from '../engine/proc.ts';
import { run } from '../engine/run.ts';
import { Scratch } from '../engine/scratch.ts';
import { waitFor } from '../support/wait-for.ts';
import { folder as release, version } from './release.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';
const writer = 'daemonset-writer';
const [daemonSet] = yamlOf('kubernetes/base/daemonset.yaml') as readonly DaemonSet[];

let scratch: Scratch;
let engine: Engine;
let volume: FrozenVolume;
beforeAll(async () => {
  scratch = new Scratch();
  // Before the engine, whose mount namespace has only what is mounted by then.
  volume = await FrozenVolume.make(scratch);
  // Its / is a shared mount, as on a host: a pod gets what is mounted there later, and loses what is unmounted.
  engine = await Engine.start(scratch, { ownMountNamespace: 'shared' });
  await engine.docker('load', '--input', path.join(release, `rtwatch-${version}-image.tar`));
});
afterAll(() => scratch.close());

/** The page of metrics, asked from the network namespace of the pod: nothing else reaches it. */
async function metricsOf(pid: string): Promise<string> {
  const script =
    "fetch('http://127.0.0.1:9753/metrics').then(async (answer) => process.stdout.write(await answer.text()))";
  const { status, stdout, stderr } = await run('nsenter', ['-t', pid, '--net', process.execPath, '-e', script]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const valueIn = (page: string, series: string): number | null => {
  const line = page.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.split(' ')[1]);
};

test('as the DaemonSet runs it, with its capabilities, mounts and arguments, it finds the container that cannot stop', async ({
  onTestFinished,
}) => {
  if (daemonSet === undefined) throw new Error('no manifest');
  const { options, image, args } = asDockerRun(daemonSet, (hostPath) =>
    hostPath === '/' ? '/' : scratch.of(path.basename(hostPath)),
  );
  const recordings = scratch.of('rtwatch');
  fs.mkdirSync(recordings, { recursive: true });
  expect(options).toContain('--cap-drop=ALL');
  // Not as on a node: where the engine of the test has its socket, and that containers are named, to know ours from others.
  const more = ['--docker-host', `unix:///host${engine.socketPath}`, '--labels=containers'];
  await engine.docker('run', '-d', '--name=rtwatch', ...options, image, ...args, ...more);
  onTestFinished(() => engine.heal([]));
  const pid = await engine.docker('inspect', '--format={{.State.Pid}}', 'rtwatch');

  let page = '';
  const see = (what: string, isThere: (page: string) => boolean) =>
    waitFor(
      what,
      async () => {
        page = await metricsOf(pid);
        return isThere(page);
      },
      { everyMs: 500, timeoutMs: 90_000, detail: () => page },
    );
  const up = [
    'sampler_up',
    'daemon_up{daemon="dockerd"}',
    'source_up{source="containers"}',
    'source_up{source="mounts"}',
  ];
  await see('the node to be seen', (one) => up.every((series) => valueIn(one, `rtwatch_${series}`) === 1));
  await see('goroutines of dockerd', (one) => (valueIn(one, 'rtwatch_daemon_goroutines{daemon="dockerd"}') ?? 0) > 10);
  expect(valueIn(page, 'rtwatch_daemon_open_fds{daemon="dockerd"}'), page).toBeGreaterThan(5);

  onTestFinished(() => volume.thaw());
  const id = await engine.run(writer, writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  const stopping = engine.stop(writer, 3000);
  await waitFor('SIGKILL to be delivered to a process in D', () =>
    processesOfContainer(id).find((one) => one.state === 'D' && killPending(one.pid)),
  );

  const isStuck = (one: string): boolean => one.includes(`rtwatch_container_stuck_seconds{container="${writer}"`);
  const isFound = (rule: string, one: string): boolean =>
    (valueIn(one, `rtwatch_finding{id="${rule}",severity="critical"}`) ?? 0) > 0;
  await see(
    'the container, and the cause',
    (one) => isStuck(one) && isFound('unkillable-container', one) && isFound('frozen-filesystem', one),
  );
  volume.thaw();
  await stopping;
  expect(valueIn(page, 'rtwatch_recorder_up')).toBe(1);
  await waitFor('a recording on the node', () => fs.readdirSync(recordings).some((file) => file.endsWith('.zst')));
  await see('the container to be gone', (one) => !isStuck(one));
});
