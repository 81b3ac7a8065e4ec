import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DaemonsOptions } from '../../../src/collect/daemons/daemon.ts';
import { DaemonsCollector } from '../../../src/collect/daemons/daemons.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import type { DaemonsValue, DaemonValue } from '../../../src/sample/daemons.ts';
import { LiveWorld, listens } from '../../support/live-world.ts';
import { openGate } from '../../support/open-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { capturedWorld, statusText, Tree, temporaryFolder } from '../../support/world.ts';
import { answer, cutOff, type Handler, holdTime, look, neverAnswer, pass, StandIn } from '../stand-in.ts';

// Loaded before a test holds the time.
await import('undici');

const index = (goroutines: number): Handler =>
  answer(`<table><tr><td>${goroutines}</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr></table>`);
const vars = answer('{"cmdline":[],"memstats":{"HeapAlloc":100,"HeapInuse":200,"Sys":300,"NumGC":4}}');
const version = answer(
  '{"Version":"20.10.24","GoVersion":"go1.19.8","Components":[{"Name":"containerd","Version":"v1.6.20"}]}',
);
const info = answer(
  '{"DockerRootDir":"/data/docker","Driver":"overlay2","LiveRestoreEnabled":true,"CgroupDriver":"systemd","LoggingDriver":"json-file","NGoroutines":59}',
);
const engine = (): Record<string, Handler> => ({
  '/debug/pprof/': index(64),
  '/debug/vars': vars,
  '/_ping': answer('OK'),
  '/version': version,
  '/info': info,
});

const dockerd = (tree: Tree, pid = 700, stat: object = {}): Tree =>
  tree.process(
    pid,
    { comm: 'dockerd', threads: 9, starttime: 40_000, ...stat },
    {
      status: statusText({ rssKb: 1000, threads: 9 }),
      limits: 'Max open files   20000   20000   files\n',
      'fd/0': '/dev/null',
      'ns/mnt': 'mnt:[4026531841]',
    },
  );

interface Bench {
  readonly collector: DaemonsCollector;
  readonly table: ProcessTable;
  readonly tick: () => Promise<DaemonsValue>;
}

function open(world: World, socketPath: string, options: Partial<DaemonsOptions> = {}): Bench {
  holdTime();
  const table = new ProcessTable(world, () => 0);
  const collector = new DaemonsCollector(world, table, {
    gate: openGate,
    engine: { kind: 'unix', url: `unix://${socketPath}`, socketPath },
    pprof: new Map(),
    periodMs: 1000,
    ...options,
  });
  onTestFinished(() => collector.close());
  const tick = (): Promise<DaemonsValue> => {
    table.scan();
    return look(() => collector.collect());
  };
  return { collector, table, tick };
}

const named = (value: DaemonsValue, name = 'dockerd'): DaemonValue => {
  const found = value.daemons.find((daemon) => daemon.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

describe('a daemon that is well', () => {
  test('gives its process, its goroutines, its heap, its version and its round trip', async () => {
    const server = await StandIn.listen(engine());
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    expect(named(await tick())).toEqual({
      name: 'dockerd',
      process: {
        status: 'ok',
        tookMs: expect.any(Number),
        value: {
          pid: 700,
          starttime: 40_000,
          state: 'S',
          ageSeconds: 600,
          rssBytes: 1_024_000,
          fds: 1,
          fdKinds: {
            sockets: 0,
            unixSockets: null,
            accepted: null,
            peerless: null,
            pipes: 0,
            files: 1,
            anonymous: 0,
            unseen: 0,
          },
          fdLimit: 20_000,
          threads: 9,
          mountNamespace: '4026531841',
        },
      },
      endpoint: server.url,
      named: false,
      goroutines: { status: 'ok', tookMs: expect.any(Number), value: 64 },
      heap: {
        status: 'ok',
        tookMs: expect.any(Number),
        value: { allocBytes: 100, inuseBytes: 200 },
      },
      version: {
        status: 'ok',
        tookMs: expect.any(Number),
        value: { version: '20.10.24', goVersion: 'go1.19.8', product: null },
      },
      ping: { status: 'ok', tookMs: expect.any(Number), value: { ms: expect.any(Number) } },
      settings: {
        status: 'ok',
        tookMs: expect.any(Number),
        value: {
          rootDir: '/data/docker',
          liveRestore: true,
          storageDriver: 'overlay2',
          cgroupDriver: 'systemd',
          cgroupVersion: null,
          loggingDriver: 'json-file',
          debug: false,
        },
      },
    });
  });

  test('is asked one thing at a time on one connection, on another for its version and its settings, and never for a profile', async () => {
    const server = await StandIn.listen(engine());
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    for (let i = 0; i < 12; i++) {
      await tick();
      await pass(1000);
    }
    // The other is opened for each of the two questions.
    expect(server.connections).toBe(3);
    expect(server.mostOpen).toBeLessThanOrEqual(2);
    expect(new Set(server.asked)).toEqual(new Set(['/_ping', '/debug/pprof/', '/debug/vars', '/version', '/info']));
    expect(server.count('/info')).toBe(1);
    expect(server.asked[0]).toBe('/_ping');
    expect(server.count('/debug/pprof/')).toBeGreaterThanOrEqual(11);
    expect(server.count('/debug/vars')).toBeLessThanOrEqual(3);
    expect(server.count('/version')).toBe(1);
  });

  test('is asked for its settings again after ten minutes', async () => {
    const server = await StandIn.listen(engine());
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    await pass(599_000);
    await tick();
    expect(server.count('/info')).toBe(1);
    await pass(2000);
    await tick();
    expect(server.count('/info')).toBe(2);
  });

  test('shows the name of its containerd', async () => {
    const server = await StandIn.listen(engine());
    const tree = dockerd(new Tree()).process(710, { comm: 'containerd', ppid: 700 }, { status: statusText() });
    const { tick } = open(tree.world(), server.socketPath);
    expect(named(await tick(), 'containerd')).toMatchObject({
      process: { status: 'ok', value: { pid: 710 } },
      endpoint: null,
      goroutines: { status: 'absent', detail: expect.stringContaining('config.toml') },
      version: { status: 'ok', value: { version: '1.6.20', goVersion: null, product: null } },
      ping: { status: 'absent' },
    });
  });
});

describe('a daemon that does not answer', () => {
  test('does not hold up the poll: it is pending after a second, and failed after five', async () => {
    const server = await StandIn.listen({ ...engine(), '/_ping': neverAnswer });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    const first = named(await tick());
    expect(first.process.status).toBe('ok');
    await pass(1000);
    expect(named(await tick()).ping).toMatchObject({ status: 'pending', detail: 'GET /_ping: no answer yet' });
    await pass(4500);
    expect(named(await tick()).ping).toEqual({ status: 'failed', detail: 'GET /_ping: no answer within 5s' });
  });

  test('keeps the polls short in real time too', async () => {
    const server = await StandIn.listen({
      '/debug/pprof/': neverAnswer,
      '/debug/vars': neverAnswer,
      '/_ping': neverAnswer,
      '/version': neverAnswer,
    });
    const world = dockerd(new Tree()).world();
    const table = new ProcessTable(world, () => 0);
    table.scan();
    const collector = new DaemonsCollector(world, table, {
      gate: openGate,
      engine: server.endpoint,
      pprof: new Map(),
      periodMs: 250,
    });
    onTestFinished(() => collector.close());
    const reading = await collector.collect();
    // It did not wait for the deadlines of its requests, after which they have failed.
    expect(reading.daemons.map(({ ping }) => ping.status)).toContain('pending');
  });

  test('has its other figures again when it is well', async () => {
    const server = await StandIn.listen({ ...engine(), '/_ping': neverAnswer });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    await pass(5100);
    server.routes['/_ping'] = answer('OK');
    const well = (daemon: DaemonValue): boolean =>
      [daemon.ping, daemon.goroutines, daemon.heap, daemon.version].every(({ status }) => status === 'ok');
    // The version is asked for once a minute, whatever came of it.
    for (let i = 0; i < 70 && !well(named(await tick())); i++) await pass(1000);
    expect(named(await tick())).toSatisfy(well);
  });

  test('whose version and settings hang has its other figures: it is the containerd behind it that is silent', async () => {
    const server = await StandIn.listen({ ...engine(), '/version': neverAnswer, '/info': neverAnswer });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    await pass(2000);
    const { ping, goroutines, heap, version } = named(await tick());
    expect([ping, goroutines, heap].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(version).toMatchObject({ status: 'pending', detail: 'GET /version: no answer yet' });
  });

  test('does not make another one wait', async () => {
    const hung = await StandIn.listen({});
    hung.routes['/_ping'] = neverAnswer;
    const well = await StandIn.listen({ '/debug/pprof/': index(7), '/debug/vars': vars });
    const { tick } = open(dockerd(new Tree()).world(), hung.socketPath, { pprof: new Map([['kubelet', well.url]]) });
    expect(named(await tick(), 'kubelet').goroutines).toMatchObject({ status: 'ok', value: 7 });
  });
});

describe('the settings of an engine', () => {
  test('can be waited for by what needs the data directory: on a busy node they come after the first poll', async () => {
    const gate = Promise.withResolvers<void>();
    const slow: Handler = (...exchange) => void gate.promise.then(() => info(...exchange));
    const server = await StandIn.listen({ ...engine(), '/info': slow });
    const { collector, tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    expect(collector.engineRoots()).toEqual([]);
    gate.resolve();
    await collector.firstAnswers();
    expect(collector.engineRoots()).toEqual(['/data/docker']);
  });

  test('that hangs over them are asked for once, and hold nothing else up', async () => {
    const server = await StandIn.listen({ ...engine(), '/info': neverAnswer });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    for (let i = 0; i < 60; i++) {
      await tick();
      await pass(2000);
    }
    expect(server.count('/info')).toBe(1);
    expect(server.open).toBe(0);
    expect(named(await tick())).toMatchObject({
      settings: { status: 'failed', detail: 'GET /info: no answer within 5s' },
      goroutines: { status: 'ok', value: 64 },
      ping: { status: 'ok' },
    });
  });

  test('that does not answer pings are not asked for', async () => {
    const server = await StandIn.listen({ ...engine(), '/_ping': neverAnswer });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    for (let i = 0; i < 5; i++) {
      await tick();
      await pass(2000);
    }
    expect(server.count('/info')).toBe(0);
    expect(named(await tick()).settings).toMatchObject({ status: 'pending' });
  });

  test('that was started again are asked for again', async () => {
    const server = await StandIn.listen(engine());
    const tree = dockerd(new Tree());
    const { tick } = open(tree.world(), server.socketPath);
    await tick();
    server.routes['/info'] = answer('{"DockerRootDir":"/elsewhere","LiveRestoreEnabled":false}');
    tree.remove('proc/700');
    dockerd(tree, 900, { starttime: 90_000 });
    await pass(1000);
    expect(named(await tick()).settings).toMatchObject({ value: { rootDir: '/elsewhere', liveRestore: false } });
  });

  test('are reported by dockerd alone', async () => {
    const server = await StandIn.listen(engine());
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    expect(named(await tick(), 'containerd').settings).toEqual({
      status: 'absent',
      detail: 'only dockerd reports its settings',
    });
  });
});

describe('a daemon that answers otherwise', () => {
  test('without debug pages has no heap to report, and its goroutines by the engine’s info', async () => {
    const server = await StandIn.listen({
      '/_ping': answer('OK'),
      '/version': version,
      '/info': answer('{"NGoroutines":59}'),
    });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    await pass(1000);
    expect(named(await tick())).toMatchObject({
      goroutines: { status: 'ok', value: 59 },
      heap: { status: 'failed', detail: 'GET /debug/vars: HTTP 404' },
      ping: { status: 'ok' },
    });
  });

  test('without debug pages and without an info has failed', async () => {
    const server = await StandIn.listen({ '/_ping': answer('OK'), '/version': version });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    await tick();
    await pass(1000);
    expect(named(await tick()).goroutines).toEqual({ status: 'failed', detail: 'GET /info: HTTP 404' });
  });

  test('with debug pages is not asked for its goroutines in its info, which is expensive', async () => {
    const server = await StandIn.listen({ ...engine(), '/debug/pprof/': answer('busy', 503) });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    for (let i = 0; i < 5; i++) {
      await tick();
      await pass(1000);
    }
    expect(server.count('/info')).toBe(1);
    expect(named(await tick()).goroutines).toEqual({ status: 'failed', detail: 'GET /debug/pprof/: HTTP 503' });
  });

  test('with nonsense has failed, and says at what', async () => {
    const server = await StandIn.listen({
      '/debug/pprof/': answer('<html>'),
      '/debug/vars': answer('{"memstats":null}'),
      '/_ping': cutOff('O'),
      '/version': answer('[]'),
    });
    const { tick } = open(dockerd(new Tree()).world(), server.socketPath);
    expect(named(await tick())).toMatchObject({
      goroutines: { status: 'failed', detail: expect.stringMatching(/^GET \/debug\/pprof\/: no goroutine count/) },
      heap: { status: 'failed', detail: 'GET /debug/vars: no memstats.HeapAlloc in /debug/vars' },
      version: { status: 'failed', detail: 'GET /version: no Version in the answer to GET /version' },
      ping: { status: 'failed', detail: 'GET /_ping: connection closed' },
    });
  });

  test('not at all, because no socket is there, is absent', async () => {
    const socket = `${temporaryFolder()}/none`;
    const { tick } = open(dockerd(new Tree()).world(), socket);
    const daemon = named(await tick());
    for (const part of [daemon.goroutines, daemon.heap, daemon.ping, daemon.version]) {
      expect(part).toEqual({ status: 'absent', detail: `no such socket: ${socket}` });
    }
  });

  test('over ssh has no debug pages, and says so', async () => {
    const ssh = { kind: 'ssh', url: 'ssh://a@b', host: 'b', port: 22, user: 'a' } as const;
    const { tick } = open(dockerd(new Tree()).world(), '', { engine: ssh });
    expect(named(await tick())).toMatchObject({
      endpoint: null,
      process: { status: 'ok' },
      goroutines: { status: 'absent', detail: 'the engine’s endpoint has no debug pages' },
      ping: { status: 'absent' },
    });
  });
});

describe('the process', () => {
  test('of a captured node is read from its files', async () => {
    const { tick } = open(capturedWorld('stop-leak'), '/nonexistent');
    const value = await tick();
    expect(named(value).process).toMatchObject({
      status: 'ok',
      value: {
        pid: 25893,
        starttime: 136456,
        ageSeconds: expect.closeTo(106.32, 2),
        fds: 5,
        fdLimit: 20_000,
        threads: 9,
      },
    });
    expect(named(value, 'containerd').process).toMatchObject({ status: 'ok', value: { pid: 25883, fdLimit: null } });
  });

  test('that does not run is absent', async () => {
    const { tick } = open(new Tree().world(), '/nonexistent');
    expect(named(await tick()).process).toEqual({ status: 'absent', detail: 'no dockerd process' });
  });

  test('that ended between the scan and the poll has failed', async () => {
    const tree = dockerd(new Tree());
    const { table, collector } = open(tree.world(), '/nonexistent');
    table.scan();
    tree.remove('proc/700');
    expect(named(await look(() => collector.collect())).process).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('ENOENT'),
    });
  });

  test('is unknown when the processes were not read', async () => {
    const { collector } = open(dockerd(new Tree()).world(), '/nonexistent');
    expect(named(await look(() => collector.collect())).process).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('"processes", which is disabled'),
    });
  });

  test('has a share in the open files of the whole node', async () => {
    holdTime();
    const tree = dockerd(new Tree());
    const { tick } = open(tree.write('proc/sys/fs/file-nr', '661\t0\t2466183\n').world(), '/nonexistent');
    expect((await tick()).fileHandles).toEqual({ allocated: 661, free: 0, max: 2_466_183 });
    tree.write('proc/sys/fs/file-nr', 'none');
    // Read every five seconds.
    await pass(5000);
    expect((await tick()).fileHandles).toBeNull();
  });

  test('has no descriptors to count when they may not be seen', async () => {
    const { tick } = open(dockerd(new Tree()).remove('proc/700/fd').remove('proc/700/limits').world(), '/nonexistent');
    expect(named(await tick()).process).toMatchObject({ value: { fds: null, fdKinds: null, fdLimit: null } });
  });

  test('that was started again is asked for its version again, and keeps its own age', async () => {
    const server = await StandIn.listen(engine());
    const tree = dockerd(new Tree());
    const { tick } = open(tree.world(), server.socketPath);
    await tick();
    server.routes['/version'] = answer('{"Version":"28.5.2","GoVersion":"go1.24.9"}');
    tree.remove('proc/700');
    dockerd(tree, 900, { starttime: 90_000 });
    await pass(1000);
    expect(named(await tick())).toMatchObject({
      process: { value: { pid: 900, ageSeconds: 100 } },
      version: { value: { version: '28.5.2' } },
    });
  });
});

describe('of several with the same name', () => {
  const two = (): Tree => {
    const tree = dockerd(dockerd(new Tree(), 700, { starttime: 100 }), 800, { starttime: 90_000 });
    return listens(listens(tree, 700, '/inner/docker.sock'), 800, '/run/docker.sock');
  };

  test('the one is meant that listens where we ask, also by the older name of the folder', async () => {
    for (const path of ['/run/docker.sock', '/var/run/docker.sock']) {
      const { tick } = open(new LiveWorld({ ...two().roots, rootfs: '/' }), path);
      expect(named(await tick()).process).toMatchObject({ value: { pid: 800 } });
    }
  });

  test('below another root the one is meant that listens there', async () => {
    const tree = two();
    const { tick } = open(new LiveWorld(tree.roots), `${tree.rootfs}/run/docker.sock`);
    expect(named(await tick()).process).toMatchObject({ value: { pid: 800 } });
  });

  test('the containerd is meant that dockerd started', async () => {
    const tree = two()
      .process(600, { comm: 'containerd', starttime: 50 }, { status: statusText() })
      .process(810, { comm: 'containerd', ppid: 800, starttime: 90_001 }, { status: statusText() });
    const { tick } = open(new LiveWorld({ ...tree.roots, rootfs: '/' }), '/run/docker.sock');
    expect(named(await tick(), 'containerd').process).toMatchObject({ value: { pid: 810 } });
  });
});

describe('containerd', () => {
  const withDebugSocket = (path: string): Tree =>
    listens(dockerd(new Tree()).process(710, { comm: 'containerd', ppid: 700 }, { status: statusText() }), 710, path);

  test('is asked at the debug socket that it listens on', async () => {
    const server = await StandIn.listen(
      { '/debug/pprof/': index(72), '/debug/vars': vars },
      `${temporaryFolder()}/debug.sock`,
    );
    const tree = withDebugSocket(server.socketPath);
    const { tick } = open(new World({ ...tree.roots, rootfs: '/' }), '/nonexistent');
    expect(named(await tick(), 'containerd')).toMatchObject({
      endpoint: server.url,
      goroutines: { status: 'ok', value: 72 },
      heap: { status: 'ok' },
      ping: { status: 'absent' },
    });
  });

  test('is found again at another socket when it was started again', async () => {
    const routes = { '/debug/pprof/': index(72), '/debug/vars': vars };
    const before = await StandIn.listen(routes, `${temporaryFolder()}/debug.sock`);
    const after = await StandIn.listen({ ...routes, '/debug/pprof/': index(9) }, `${temporaryFolder()}/debug.sock`);
    const tree = withDebugSocket(before.socketPath);
    const { tick } = open(new World({ ...tree.roots, rootfs: '/' }), '/nonexistent');
    await tick();
    tree.remove('proc/710').process(720, { comm: 'containerd', ppid: 700, starttime: 9000 }, { status: statusText() });
    listens(tree, 720, after.socketPath);
    await pass(1000);
    expect(named(await tick(), 'containerd')).toMatchObject({ endpoint: after.url, goroutines: { value: 9 } });
  });

  test('with a debug socket of no path does not take the others with it', async () => {
    const tree = withDebugSocket('@/containerd/debug.sock');
    const { tick } = open(new World({ ...tree.roots, rootfs: '/' }), '/nonexistent');
    expect(named(await tick()).process).toMatchObject({ status: 'ok' });
  });

  test('is asked where the user said, whatever it listens on', async () => {
    const server = await StandIn.listen({ '/debug/pprof/': index(5), '/debug/vars': vars });
    const tree = withDebugSocket('/run/containerd/debug.sock');
    const { tick } = open(tree.world(), '/nonexistent', { pprof: new Map([['containerd', server.url]]) });
    expect(named(await tick(), 'containerd')).toMatchObject({ endpoint: server.url, goroutines: { value: 5 } });
  });
});

test('a daemon that the user named is reported with its process', async () => {
  const server = await StandIn.listen({ '/debug/pprof/': index(400), '/debug/vars': vars });
  const tree = new Tree().process(50, { comm: 'kubelet' }, { status: statusText() });
  const { tick } = open(tree.world(), '/nonexistent', { pprof: new Map([['kubelet', server.url]]) });
  const value = await tick();
  expect(value.daemons.map(({ name }) => name)).toEqual(['dockerd', 'containerd', 'kubelet']);
  expect(named(value, 'kubelet')).toMatchObject({
    process: { value: { pid: 50 } },
    endpoint: server.url,
    goroutines: { value: 400 },
    version: { status: 'absent' },
    ping: { status: 'absent' },
  });
});

test('closing ends what is open', async () => {
  const server = await StandIn.listen({ ...engine(), '/_ping': neverAnswer });
  const { tick, collector } = open(dockerd(new Tree()).world(), server.socketPath);
  await tick();
  await waitFor('the question', () => server.open === 1);
  collector.close();
  await waitFor('its end', () => server.open === 0);
});

test('every containerd that listens has a row of its own, keeps it when it ends, and has it again after its restart', async () => {
  const tree = new Tree();
  const listener = (pid: number, inode: number, socket: string): void => {
    const line = `0: 00000002 00000000 00010000 0001 01 ${inode} ${socket}`;
    tree.process(
      pid,
      { comm: 'containerd', starttime: pid },
      {
        status: statusText({ rssKb: pid, threads: 9 }),
        'net/unix': `Num RefCount Protocol Flags Type St Inode Path\n${line}\n`,
        cgroup: '0::/system.slice/containerd.service\n',
        'fd/3': `socket:[${inode}]`,
      },
    );
  };
  listener(600, 71, '/run/containerd/containerd.sock');
  listener(800, 72, '/run/k3s/containerd/containerd.sock');
  const { tick } = open(tree.world(), `${tree.rootfs}/none.sock`);
  const rows = async (): Promise<[string, number | null][]> =>
    (await tick()).daemons.map(({ name, process }) => [name, process.status === 'ok' ? process.value.pid : null]);
  expect(await rows()).toEqual([
    ['dockerd', null],
    ['containerd', 600],
    ['containerd-k3s', 800],
  ]);
  expect((await tick()).others).toEqual([]);
  tree.remove('proc/600');
  expect(await rows()).toEqual([
    ['dockerd', null],
    ['containerd', null],
    ['containerd-k3s', 800],
  ]);
  tree.remove('proc/800');
  listener(900, 73, '/run/k3s/containerd/containerd.sock');
  listener(950, 74, '/run/containerd/containerd.sock');
  expect((await rows()).map(([name]) => name)).toEqual(['dockerd', 'containerd', 'containerd-k3s']);
});

test('a podman process in a container that listens at the same path is not the engine', async () => {
  const server = await StandIn.listen(engine());
  const tree = new Tree();
  const service = (pid: number, cgroup: string): Tree =>
    tree.process(
      pid,
      { comm: 'podman', starttime: pid },
      {
        status: statusText({ rssKb: pid }),
        'net/unix': `0: 00000002 00000000 00010000 0001 01 ${pid} ${server.socketPath}\n`,
        cgroup,
        [`fd/3`]: `socket:[${pid}]`,
      },
    );
  service(600, `0::/machine.slice/libpod-${'a1'.repeat(32)}.scope\n`);
  const { tick } = open(new World({ ...tree.roots, rootfs: '/' }), server.socketPath);
  const first = named(await tick());
  expect(first.process.status).toBe('absent');
  expect(first).not.toHaveProperty('engine');
  service(700, '0::/system.slice/podman.service\n');
  await pass(10_000);
  expect(named(await tick())).toMatchObject({ engine: 'podman', process: { value: { pid: 700 } } });
});

test('without a process the engine is Podman by its socket, also where that of Docker is a link to it', async () => {
  const tree = new Tree().write('run/podman/.keep', '');
  const { rootfs } = tree.roots;
  fs.symlinkSync('/run/podman/podman.sock', `${rootfs}/run/docker.sock`);
  for (const name of ['podman/podman.sock', 'docker.sock']) {
    const { tick } = open(tree.world(), `${rootfs}/run/${name}`);
    expect(named(await tick())).toMatchObject({ engine: 'podman', process: { detail: 'no podman process' } });
  }
  const { tick } = open(tree.world(), `${rootfs}/run/other.sock`);
  expect(named(await tick())).not.toHaveProperty('engine');
});

describe('the kubelet', () => {
  const kubelet = (tree: Tree, cgroup = '0::/system.slice/kubelet.service\n', comm = 'kubelet'): Tree =>
    tree.process(800, { comm, starttime: 30_000 }, { status: statusText({ rssKb: 900 }), cgroup });

  test('has a row from the first sight of it on, without a page of its own to read', async () => {
    const tree = new Tree();
    const { tick } = open(tree.world(), '/nowhere.sock');
    expect((await tick()).daemons.map(({ name }) => name)).toEqual(['dockerd', 'containerd']);
    kubelet(tree);
    const row = (await tick()).daemons.at(-1);
    expect(row).toMatchObject({ name: 'kubelet', endpoint: null, process: { status: 'ok', value: { pid: 800 } } });
    expect(row?.goroutines).toMatchObject({ status: 'absent', detail: expect.stringContaining('client certificate') });
    // A captured tree is of another node.
    expect(row?.ping.status).toBe('absent');
    tree.remove('proc/800');
    expect((await tick()).daemons.at(-1)).toMatchObject({ name: 'kubelet', process: { status: 'absent' } });
  });

  test('of k3s and microk8s is inside a process of another name; one in a container is of another node', async () => {
    const k3s = open(kubelet(new Tree(), undefined, 'k3s-server').world(), '/nowhere.sock');
    expect((await k3s.tick()).daemons.at(-1)?.name).toBe('kubelet');
    const kind = open(kubelet(new Tree(), `0::/docker/${'a1'.repeat(32)}/kubelet\n`).world(), '/nowhere.sock');
    expect((await kind.tick()).daemons.map(({ name }) => name)).toEqual(['dockerd', 'containerd']);
  });
});

test('a dockerd that a request would start is sent nothing, and is polled as soon as it runs', async () => {
  const server = await StandIn.listen(engine());
  const tree = new Tree();
  let reason: string | null = 'dockerd does not run; systemd starts it';
  const { tick } = open(tree.world(), server.socketPath, { gate: () => reason });
  expect(named(await tick())).toMatchObject({
    startsOnRequest: true,
    process: { status: 'absent', detail: reason },
    ping: { status: 'absent', detail: reason },
  });
  expect(server.connections).toBe(0);
  reason = null;
  dockerd(tree);
  await pass(1000);
  const running = named(await tick());
  expect(running.ping.status).toBe('ok');
  expect(running).not.toHaveProperty('startsOnRequest');
});
