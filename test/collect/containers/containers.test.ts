import { describe, expect, onTestFinished, test } from 'vitest';
import { ContainersCollector } from '../../../src/collect/containers/containers.ts';
import { openEngine } from '../../../src/collect/engine/client.ts';
import type { ContainersValue, ContainerValue } from '../../../src/sample/containers.ts';
import { okValue, type Reading } from '../../../src/sample/reading.ts';
import { openGate } from '../../support/open-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../../support/world.ts';
import { containerEvent, EngineScript, listed } from '../engine/script.ts';
import { answer, cutOff, type Handler, holdTime, look, neverAnswer, pass, StandIn } from '../stand-in.ts';

const id = 'fb'.repeat(32);
const other = 'ac'.repeat(32);

// Loaded before a test holds the time.
await openEngine({ kind: 'unix', url: '', socketPath: '' }, openGate);

interface Bench {
  readonly script: EngineScript;
  readonly server: StandIn;
  readonly collector: ContainersCollector;
  /** One look, with what it tells. */
  readonly tick: () => Promise<Reading<ContainersValue>>;
  /** Looks on, a second apart, until there is what is looked for. */
  readonly until: <T>(what: string, see: (reading: Reading<ContainersValue>) => T) => Promise<T>;
}

async function open(list: object[], routes: Record<string, Handler> = {}, past: object[] = []): Promise<Bench> {
  holdTime();
  const script = new EngineScript();
  script.list = list;
  script.past = past;
  const server = await StandIn.listen({ ...script.routes, ...routes });
  const collector = new ContainersCollector(server.endpoint, { gate: openGate });
  onTestFinished(() => collector.close());
  collector.start();
  await waitFor('the stream', () => server.count('/events') > 0);
  const tick = (): Promise<Reading<ContainersValue>> => look(() => collector.collect());
  return {
    script,
    server,
    collector,
    tick,
    until: async (what, see) => {
      for (let i = 0; i < 100; i++) {
        const seen = see(await tick());
        if (seen !== null && seen !== undefined && seen !== false) return seen;
        await pass(1000);
      }
      throw new Error(`looked in vain for ${what}`);
    },
  };
}

const one = (reading: Reading<ContainersValue>, containerId = id): ContainerValue | undefined =>
  okValue(reading)?.containers.find((container) => container.id === containerId);

const inspected = (status: string, error = '', pid = 0): Handler =>
  answer(JSON.stringify({ Id: id, State: { Status: status, Pid: pid, Error: error } }));

describe('the list', () => {
  test('is reported in the first poll, with all containers', async () => {
    const { tick, server } = await open([
      listed(id),
      listed(other, { State: 'exited', Status: 'Exited (0) 5 hours ago' }),
    ]);
    const reading = await tick();
    expect(reading).toMatchObject({ status: 'ok', value: { listMs: expect.any(Number), events: { status: 'ok' } } });
    expect(one(reading)).toEqual({
      id,
      name: 'c-fbfb',
      image: 'busybox',
      state: 'running',
      status: 'Up 3 hours',
      createdAt: 1795241900,
      labels: {},
      kill: null,
      inspect: null,
    });
    expect(one(reading, other)?.state).toBe('exited');
    expect(server.asked).toContain('/containers/json?all=true');
  });

  test('is not asked for again while nothing happens, for ten seconds', async () => {
    const { tick, server } = await open([listed(id)]);
    await tick();
    for (let i = 0; i < 9; i++) {
      await pass(1000);
      await tick();
    }
    // The stream that opened meanwhile may have been news once.
    const before = server.count('/containers/json');
    expect(before).toBeLessThanOrEqual(2);
    await pass(3000);
    await tick();
    expect(server.count('/containers/json')).toBe(before + 1);
  });

  test('is asked for again when something happens, once a second at most', async () => {
    const { tick, server, script } = await open([listed(id)]);
    await tick();
    await pass(1100);
    await tick();
    const before = server.count('/containers/json');
    for (let i = 0; i < 20; i++) {
      script.emit(containerEvent(id, 'pause', Date.now()));
      await pass(100);
      await tick();
    }
    const asked = server.count('/containers/json') - before;
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(asked).toBeLessThanOrEqual(4);
  });

  test('is asked for again when something happened while the engine answered', async () => {
    const answers: (() => void)[] = [];
    const { tick, server, script } = await open([listed(id)], {
      '/containers/json': (_, response) => {
        const body = JSON.stringify(script.list);
        answers.push(() => void response.end(body));
      },
    });
    await tick();
    script.list = [listed(id), listed(other)];
    script.emit(containerEvent(other, 'create', Date.now()));
    await pass(10);
    answers.shift()?.();
    await pass(1100);
    await tick();
    await waitFor('the second question', () => server.count('/containers/json') === 2);
    answers.shift()?.();
    await pass(10);
    expect(one(await tick(), other)).toBeDefined();
  });

  test('that hangs is pending after a second, is not asked for twice, and is given up in the end', async () => {
    const { tick, server } = await open([], { '/containers/json': neverAnswer });
    await tick();
    await pass(1000);
    expect(await tick()).toMatchObject({ status: 'pending', detail: 'GET /containers/json: no answer yet' });
    await pass(5000);
    expect(await tick()).toMatchObject({ status: 'pending', forMs: expect.any(Number) });
    expect(server.count('/containers/json')).toBe(1);
    await pass(5000);
    expect(server.mostOpen).toBe(2);
    expect(await tick()).toMatchObject({ status: 'failed', detail: 'GET /containers/json: no answer within 10s' });
  });

  test('that hung is reported again when the engine is well', async () => {
    const { tick, until, server, script } = await open([listed(id)], { '/containers/json': neverAnswer });
    await tick();
    await pass(10_100);
    server.routes['/containers/json'] = script.routes['/containers/json'] ?? neverAnswer;
    expect(await until('the container', one)).toMatchObject({ id });
  });

  test('that is cut in its body has failed, and is reported again when the engine is well', async () => {
    const { tick, until, server, script } = await open([listed(id)], { '/containers/json': cutOff('[{"Id":') });
    await tick();
    await until('the failure', ({ status }) => status === 'failed');
    server.routes['/containers/json'] = script.routes['/containers/json'] ?? neverAnswer;
    expect(await until('the container', one)).toMatchObject({ id });
  });

  test.each([
    ['no JSON', answer('<html>'), 'is not JSON'],
    ['an object', answer('{}'), 'is not a list'],
    ['an error', answer('{"message":"driver failed"}', 500), 'driver failed'],
  ])('that is %s has failed', async (_, handler, detail) => {
    const { tick } = await open([], { '/containers/json': handler });
    expect(await tick()).toEqual({ status: 'failed', detail: expect.stringContaining(detail) });
  });
});

test('where there is no engine there are no containers, which is calm', async () => {
  const socketPath = `${temporaryFolder()}/none.sock`;
  const collector = new ContainersCollector(
    { kind: 'unix', url: `unix://${socketPath}`, socketPath },
    { gate: openGate },
  );
  expect(await collector.collect()).toEqual({
    status: 'absent',
    detail: `no container engine at unix://${socketPath}`,
  });
  collector.close();
});

test.each([
  ['absent', false],
  ['failed', true],
] as const)(
  'an engine that a request would start is not asked for its list or its events, and is %s (named: %s)',
  async (status, named) => {
    const server = await StandIn.listen({});
    const gate = (): string => 'dockerd does not run; systemd starts it';
    const collector = new ContainersCollector(server.endpoint, { gate, named });
    collector.start();
    expect(await collector.collect()).toEqual({ status, detail: gate() });
    collector.close();
    expect(server.connections).toBe(0);
  },
);

describe('a signal that waits', () => {
  test('is known from before rtwatch was started', async () => {
    const past = [
      containerEvent(id, 'kill', 1000, { signal: '15' }),
      containerEvent(id, 'kill', 11_000, { signal: '9' }),
    ];
    const { until } = await open([listed(id)], {}, past);
    const kill = await until('the signal', (reading) => one(reading)?.kill);
    expect(kill).toMatchObject({ firstAt: 1000, lastAt: 11_000, count: 2, attempts: 1, signal: 9 });
  });

  test('is reported while it lasts, and no more when the container dies', async () => {
    const { script, until } = await open([listed(id)]);
    await until('the container', one);
    const at = Date.now();
    script.emit(containerEvent(id, 'kill', at, { signal: '15' }));
    await until('the signal', (reading) => one(reading)?.kill);
    script.emit(containerEvent(id, 'kill', at + 10_000, { signal: '9' }));
    const kill = await until('both', (reading) => {
      const given = one(reading)?.kill;
      return given?.count === 2 ? given : null;
    });
    expect(kill).toMatchObject({ count: 2, signal: 9 });
    expect(kill?.firstAt).toBeCloseTo(at, 2);
    expect(kill?.lastAt).toBeCloseTo(at + 10_000, 2);
    script.emit(containerEvent(id, 'die', at + 11_000));
    await until('its end', (reading) => one(reading)?.kill === null);
  });

  test('is not reported for a container that does not run', async () => {
    const { script, until, tick } = await open([listed(id, { State: 'exited' })]);
    await until('the container', one);
    script.emit(containerEvent(id, 'kill', Date.now(), { signal: '15' }));
    await pass(100);
    expect(one(await tick())?.kill).toBeNull();
  });

  test('is counted once, although the engine sends it again when the stream is opened again', async () => {
    const { script, until } = await open([listed(id)]);
    await until('the container', one);
    script.emit(containerEvent(id, 'kill', Date.now(), { signal: '15' }));
    await until('the signal', (reading) => one(reading)?.kill);
    script.drop('destroy');
    await until('the failure', (reading) => okValue(reading)?.events.status === 'failed');
    await until('the stream', (reading) => okValue(reading)?.events.status === 'ok');
    expect(await until('the signal', (reading) => one(reading)?.kill)).toMatchObject({ count: 1 });
  });

  test('is forgotten with an engine that remembers nothing after its restart', async () => {
    const { script, until } = await open([listed(id)]);
    await until('the container', one);
    script.emit(containerEvent(id, 'kill', Date.now(), { signal: '15' }));
    await until('the signal', (reading) => one(reading)?.kill);
    script.past = [];
    script.drop('end');
    await until('its end', (reading) => one(reading)?.kill === null);
  });
});

describe('inspect', () => {
  const path = (containerId: string): string => `/containers/${containerId}/json`;

  test('is asked about running containers in turn, and says nothing of those that behave', async () => {
    const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
    const routes = Object.fromEntries(ids.map((containerId) => [path(containerId), inspected('running')]));
    const { tick, server, until } = await open(
      ids.map((containerId) => listed(containerId)),
      routes,
    );
    const asked = (): number[] => ids.map((containerId) => server.count(path(containerId)));
    await until('an answer', (reading) => okValue(reading)?.inspected === 1);
    for (let i = 0; i < 32; i++) {
      await pass(1000);
      expect(okValue(await tick())?.containers.every(({ inspect }) => inspect === null)).toBe(true);
    }
    // But how each was made, which is told from then on.
    expect(okValue(await tick())?.containers.map(({ settings }) => settings?.init)).toEqual([false, false, false]);
    // Half a minute is enough for all three, and none has its turn again before the others had theirs.
    expect(Math.min(...asked())).toBeGreaterThanOrEqual(1);
    expect(Math.max(...asked()) - Math.min(...asked())).toBeLessThanOrEqual(1);
  });

  test('has one turn a second at most, however many containers there are', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => i.toString(16).padStart(3, '0').padEnd(64, '0'));
    const routes = Object.fromEntries(ids.map((containerId) => [path(containerId), inspected('running')]));
    const { tick, server } = await open(
      ids.map((containerId) => listed(containerId)),
      routes,
    );
    for (let i = 0; i < 40; i++) {
      await tick();
      await pass(250);
    }
    const asked = server.asked.filter((url) => /^\/containers\/[0-9a-f]{64}/.test(url)).length;
    expect(asked).toBeGreaterThanOrEqual(8);
    expect(asked).toBeLessThanOrEqual(11);
  });

  test('is asked about those that do not run too, and the running ones do not wait for them', async () => {
    const running = 'f'.repeat(64);
    const stopped = Array.from({ length: 30 }, (_, i) => i.toString(16).padStart(2, '0').padEnd(64, '0'));
    const routes = Object.fromEntries([running, ...stopped].map((one) => [path(one), inspected('exited')]));
    const { tick, server } = await open(
      [listed(running), ...stopped.map((one) => listed(one, { State: 'exited' }))],
      routes,
    );
    for (let i = 0; i < 20; i++) {
      await tick();
      await pass(1000);
    }
    expect(server.count(path(running))).toBeGreaterThanOrEqual(6);
    expect(stopped.filter((one) => server.count(path(one)) > 0).length).toBeGreaterThanOrEqual(6);
    expect(stopped.some((one) => server.count(path(one)) > 1)).toBe(false);
  });

  test('that hangs of a container that seemed to behave is reported, for as long as it does', async () => {
    const { tick, until, server } = await open([listed(id), listed(other)], {
      [path(id)]: neverAnswer,
      [path(other)]: inspected('running'),
    });
    const held = await until('the silence', (reading) => one(reading)?.inspect);
    expect(held).toMatchObject({ status: 'pending', detail: expect.stringContaining('fbfbfbfbfbfb') });
    for (let i = 0; i < 40; i++) {
      await pass(1000);
      await tick();
    }
    expect(server.count(path(id))).toBe(1);
    expect(server.count(path(other))).toBeGreaterThanOrEqual(2);
    const reading = await tick();
    expect(one(reading)?.inspect).toMatchObject({ status: 'pending' });
    expect(one(reading, other)?.inspect).toBeNull();
    server.routes[path(id)] = inspected('running');
    await pass(300_000);
    await until('an answer', (now) => one(now)?.inspect === null);
  });

  test('is not asked in turn while the list does not answer', async () => {
    const { tick, server, script } = await open([listed(id)], { [path(id)]: inspected('running') });
    await tick();
    server.routes['/containers/json'] = neverAnswer;
    script.emit(containerEvent(id, 'pause', Date.now()));
    await pass(2000);
    await tick();
    const before = server.count(path(id));
    for (let i = 0; i < 8; i++) {
      await pass(1000);
      await tick();
    }
    expect(server.count(path(id))).toBe(before);
  });

  test.each(['removing', 'dead'])('is asked about one that is %s, which it can contradict', async (State) => {
    const detail = 'unlinkat …/merged: device or resource busy';
    const { until } = await open([listed(id, { State, Status: 'Removal In Progress' })], {
      [path(id)]: inspected('dead', detail),
    });
    const given = await until('the answer', (reading) => okValue(one(reading)?.inspect ?? undefined));
    expect(given).toMatchObject({ status: 'dead', pid: 0, error: detail });
  });

  test('is asked about one that did not answer a signal for two seconds', async () => {
    const { script, until, tick } = await open([listed(id)], { [path(id)]: inspected('running', '', 26190) });
    await until('the container', one);
    script.emit(containerEvent(id, 'kill', Date.now(), { signal: '15' }));
    await pass(1000);
    expect(one(await tick())?.inspect).toBeNull();
    await pass(1100);
    const given = await until('the answer', (reading) => okValue(one(reading)?.inspect ?? undefined));
    expect(given).toMatchObject({ status: 'running', pid: 26190, error: '' });
  });

  test('that hangs is pending from its first question on, is asked once at a time, and does not hold up the list', async () => {
    const { tick, until, server } = await open([listed(id, { State: 'dead' })], { [path(id)]: neverAnswer });
    await until('the question', (reading) => one(reading)?.inspect?.status === 'pending');
    await waitFor('the question', () => server.count(path(id)) === 1);
    await pass(2000);
    expect(one(await tick())?.inspect).toMatchObject({
      status: 'pending',
      detail: expect.stringContaining('fbfbfbfbfbfb'),
    });
    expect(server.count(path(id))).toBe(1);
    // Each that is given up leaves a goroutine in dockerd that goes on waiting for the lock.
    await pass(290_000);
    await tick();
    expect(server.count(path(id))).toBe(1);
    await pass(30_000);
    await tick();
    await waitFor('the next question', () => server.count(path(id)) === 2);
    const given = one(await tick())?.inspect;
    expect(given?.status === 'pending' && given.forMs).toBeGreaterThan(320_000);
    server.routes[path(id)] = inspected('dead');
    await pass(301_000);
    await until('the answer', (reading) => one(reading)?.inspect?.status === 'ok');
  });

  test('that is cut in its body has failed', async () => {
    const { until } = await open([listed(id, { State: 'dead' })], { [path(id)]: cutOff('{"State":') });
    await until('the failure', (reading) => one(reading)?.inspect?.status === 'failed');
  });

  test('whose answer has another form has failed', async () => {
    const { until } = await open([listed(id, { State: 'dead' })], { [path(id)]: answer('{}') });
    await until('the failure', (reading) => one(reading)?.inspect?.status === 'failed');
  });

  test('is asked about four containers at once, and no more', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => String(i).repeat(64));
    const routes = Object.fromEntries(ids.map((containerId) => [path(containerId), neverAnswer]));
    const { tick, server } = await open(
      ids.map((containerId) => listed(containerId, { State: 'dead' })),
      routes,
    );
    const asked = (): string[] => ids.filter((containerId) => server.count(path(containerId)) > 0);
    await tick();
    await waitFor('the questions', () => asked().length === 4);
    await pass(1000);
    await tick();
    expect(asked()).toHaveLength(4);
    await pass(4000);
    await tick();
    await waitFor('the next ones', () => asked().length === 8);
  });

  test('is given up when its container is gone', async () => {
    const { tick, until, server, script } = await open([listed(id, { State: 'dead' })], { [path(id)]: neverAnswer });
    await tick();
    await waitFor('the question', () => server.count(path(id)) === 1);
    script.list = [];
    script.emit(containerEvent(id, 'destroy', Date.now()));
    await until('its end', (reading) => okValue(reading)?.containers.length === 0);
    await waitFor('the question to end', () => server.open === 1);
  });
});

test('closing ends every question and the stream', async () => {
  const { tick, collector, server } = await open([listed(id, { State: 'dead' })], {
    [`/containers/${id}/json`]: neverAnswer,
  });
  await tick();
  await waitFor('the questions', () => server.open === 2);
  collector.close();
  await waitFor('their end', () => server.open === 0);
});
