import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Source } from '../../src/collect/sampler.ts';
import { openSources } from '../../src/collect/sources.ts';
import type { World } from '../../src/collect/world.ts';
import { type SourceName, sourceNames } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';
import { capturedWorld, Tree, temporaryFolder } from '../support/world.ts';
import { EngineScript, listed } from './engine/script.ts';
import { answer, holdTime, neverAnswer, pass, StandIn } from './stand-in.ts';

function open(
  world: World,
  disabled: readonly SourceName[] = [],
  socketPath = `${temporaryFolder()}/none`,
  skipped: readonly SourceName[] = [],
) {
  const { sources, close } = openSources(world, {
    engine: { kind: 'unix', url: `unix://${socketPath}`, socketPath },
    pprof: new Map(),
    logs: [],
    intervalMs: 1000,
    disabled: new Set(disabled),
    skipped: new Set(skipped),
  });
  onTestFinished(close);
  return { sources, close };
}

/** The files of a node that runs this kernel. */
const localNode = (): Tree =>
  new Tree()
    .write('proc/sys/kernel/random/boot_id', fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .write('proc/1/mountinfo', '36 25 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n');

const pollEach = (sources: readonly Source[], wanted: readonly SourceName[]) =>
  Object.fromEntries(wanted.map((name) => [name, sources.find((source) => source.name === name)?.collect()]));

describe('the sources', () => {
  test('are all there are, and the processes come first, which others ask about', () => {
    const names = open(new Tree().world()).sources.map(({ name }) => name);
    expect(names[0]).toBe('processes');
    expect(names.toSorted()).toEqual(sourceNames.toSorted());
  });

  test.each(sourceNames)('say of %s that it is disabled when the user said so', async (name) => {
    const { sources } = open(new Tree().world(), [name]);
    expect(sources.map((source) => source.name).toSorted()).toEqual(sourceNames.toSorted());
    expect(await sources.find((source) => source.name === name)?.collect()).toEqual({
      status: 'failed',
      detail: `disabled with --disable ${name}`,
    });
  });

  test.each(sourceNames)('leave %s out when it hung', (name) => {
    const names = open(new Tree().world(), [], undefined, [name]).sources.map((source) => source.name);
    expect(names.toSorted()).toEqual(sourceNames.filter((other) => other !== name).toSorted());
  });

  test('of a captured node all answer', async () => {
    const { sources } = open(capturedWorld('stop-leak'));
    const readings = await Promise.all(sources.map(async ({ name, collect }) => [name, (await collect()).status]));
    expect(Object.fromEntries(readings)).toEqual({
      processes: 'ok',
      shims: 'ok',
      disks: 'ok',
      writers: 'ok',
      // The capture has none of them; those of the machine are another node's.
      filesystems: 'absent',
      cgroups: 'absent',
      logs: 'absent',
      stacks: 'ok',
      mounts: 'ok',
      daemons: 'ok',
      containers: 'absent',
      cri: 'absent',
      host: 'ok',
    });
  });

  test.each([[[]], [['daemons']], [['processes', 'shims', 'writers', 'mounts']]] as const)(
    'without %j tell the containers and the host all the same',
    async (disabled: readonly SourceName[]) => {
      const script = new EngineScript();
      script.list = [listed('fb'.repeat(32))];
      const server = await StandIn.listen(script.routes);
      const { sources } = open(capturedWorld('stop-leak'), disabled, server.socketPath);
      const look = (wanted: SourceName) => sources.find(({ name }) => name === wanted)?.collect();
      for (const { name, collect } of sources) if (name !== 'containers') void collect();
      // On a busy machine the first answer may take longer than a poll waits.
      const containers = await waitFor('the list', async () => {
        const reading = await look('containers');
        return reading?.status === 'ok' && reading;
      });
      expect(containers).toMatchObject({ value: { containers: [{ name: 'c-fbfb' }] } });
      expect(await look('host')).toMatchObject({ status: 'ok', value: { hostname: 'node-1' } });
      await waitFor('the event stream', () => server.count('/events') === 1);
    },
  );

  test('measure the logs of containers at the first poll, also when the list of containers is late', async () => {
    holdTime();
    const id = 'fb'.repeat(32);
    const script = new EngineScript();
    script.list = [listed(id)];
    const list = script.routes['/containers/json'];
    const answers: (() => void)[] = [];
    const server = await StandIn.listen({
      ...script.routes,
      '/_ping': answer('OK'),
      '/version': answer('{"Version":"20.10.24"}'),
      '/info': answer('{"DockerRootDir":"/var/lib/docker","Driver":"overlay2"}'),
      '/containers/json': (request, response) => answers.push(() => list?.(request, response)),
    });
    const tree = localNode().write(`var/lib/docker/containers/${id}/${id}-json.log`, 'x'.repeat(1234));
    const { sources } = open(tree.world(), [], server.socketPath);
    const { filesystems } = pollEach(sources, ['filesystems', 'daemons', 'cri', 'containers']);
    await waitFor('the request for the list', () => answers.length === 1);
    await pass(1000);
    answers[0]?.();
    expect(await filesystems).toMatchObject({ status: 'ok', value: { containerLogs: [{ id, bytes: 1234 }] } });
  });

  test('read the filesystems after three seconds of an engine that does not answer', async () => {
    holdTime();
    const server = await StandIn.listen({ '/info': neverAnswer, '/containers/json': neverAnswer });
    const { sources } = open(localNode().world(), [], server.socketPath);
    const { filesystems } = pollEach(sources, ['filesystems', 'daemons', 'cri', 'containers']);
    await waitFor('the request for the list', () => server.count('/containers/json') === 1);
    await pass(3100);
    expect(await filesystems).toMatchObject({ status: 'ok', value: { containerLogs: [] } });
    // Once: the clock stands still from here on.
    const again = pollEach(sources, ['filesystems', 'daemons', 'cri', 'containers']);
    expect(await again.filesystems).toMatchObject({ status: 'ok' });
  });

  test('ask nothing of the engine when the containers and the daemons are off', async () => {
    const server = await StandIn.listen({});
    const { sources } = open(capturedWorld('stop-leak'), ['containers', 'daemons'], server.socketPath);
    await Promise.all(sources.map(({ collect }) => collect()));
    expect(server.asked).toEqual([]);
  });
});
