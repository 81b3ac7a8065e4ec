import { describe, expect, test, vi } from 'vitest';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { okValue, type Reading } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { containerEvent, listed } from '../collect/engine/script.ts';
import { pass } from '../collect/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/world.ts';
import { startFrozenDaemon } from './frozen-daemon.ts';
import { endless, misbehaviours, oneEventAtATime } from './misbehaviours.ts';
import { bytesBack, bytesInUse, descriptorsBack, openDescriptors, watchDaemon } from './watched-daemon.ts';

const id = 'fb'.repeat(32);
const mebibyte = 1024 ** 2;

const dockerdOf = (readings: Sample['readings']): DaemonValue | undefined =>
  okValue(readings.daemons)?.daemons.find(({ name }) => name === 'dockerd');

/** Everything that is asked of the engine, as it was told last. */
function readingsOf(readings: Sample['readings']): Readonly<Record<string, Reading<unknown> | undefined>> {
  const dockerd = dockerdOf(readings);
  return {
    ping: dockerd?.ping,
    goroutines: dockerd?.goroutines,
    heap: dockerd?.heap,
    version: dockerd?.version,
    containers: readings.containers,
  };
}

/** Words that people can read: there are some, and not a page of them. */
function expectWords(reading: Reading<unknown> | undefined, what: string): void {
  if (reading === undefined || reading.status === 'ok') throw new Error(`${what} should tell of trouble`);
  expect(reading.detail, what).toMatch(/^\P{Cc}{10,400}$/u);
  expect(reading.detail, what).toMatch(/^(?:GET \/\S+[: ]|no )/);
}

describe.each(Object.entries(misbehaviours))('a daemon that %s', (name, handler) => {
  test('is reported as such, is asked less and less, and costs nothing that stays', async () => {
    const descriptors = openDescriptors();
    const daemon = await watchDaemon(handler);
    daemon.script.list = [listed(id)];
    await daemon.watch(60);

    const readings = readingsOf(daemon.newest());
    // Whatever comes with status 200 answers a ping.
    const { ping, ...others } = readings;
    for (const [what, reading] of Object.entries(others)) expectWords(reading, what);
    if (ping?.status !== 'ok') expectWords(ping, 'ping');

    // A question a second would be sixty; they wait 1, 2, 4, 8, 16 and 30 s after failures, and for deadlines.
    for (const path of ['/debug/pprof/', '/debug/vars', '/version', '/containers/json', '/events']) {
      expect(daemon.asked.get(path) ?? 0, `questions to ${path}`).toBeLessThanOrEqual(8);
      expect(daemon.mostOpen.get(path) ?? 0, `open at once to ${path}`).toBeLessThanOrEqual(1);
    }

    // What does not need the daemon goes on, a look a second.
    const looks = daemon.lines.filter(({ readings }) => readings.processes?.status === 'ok');
    expect(looks.length).toBeGreaterThanOrEqual(59);
    expect(dockerdOf(daemon.newest())?.process).toMatchObject({ status: 'ok', value: { pid: 700 } });

    // One that is well again is soon known to be.
    daemon.behave(null);
    await daemon.watch(66);
    for (const [what, reading] of Object.entries(readingsOf(daemon.newest()))) {
      expect(reading?.status, `${what} after ${name}`).toBe('ok');
    }

    await daemon.stop();
    daemon.server.close();
    // undici has one timer for all, which ends itself within a second.
    await pass(1500);
    expect(vi.getTimerCount()).toBe(0);
    await descriptorsBack(descriptors);
  });
});

describe('a body without an end', () => {
  test.each([
    [
      '/debug/pprof/',
      'GET /debug/pprof/: more than 4194304 bytes',
      (r: Sample['readings']) => dockerdOf(r)?.goroutines,
    ],
    ['/debug/vars', 'GET /debug/vars: more than 4194304 bytes', (r: Sample['readings']) => dockerdOf(r)?.heap],
    ['/version', 'GET /version: more than 4194304 bytes', (r: Sample['readings']) => dockerdOf(r)?.version],
    [
      '/containers/json',
      'GET /containers/json: the engine’s container list is too large',
      (r: Sample['readings']) => r.containers,
    ],
    [
      '/debug/pprof/goroutine',
      'GET /debug/pprof/goroutine?debug=1: more than 67108864 bytes',
      (r: Sample['readings']) => okValue(r.stacks)?.daemons[0]?.stacks ?? undefined,
    ],
  ] as const)('of %s is given up at a bound, and nothing of it is kept', async (path, detail, see) => {
    const daemon = await watchDaemon(null);
    await daemon.watch(2);
    const before = bytesInUse();
    let peak = 0;
    // Stacks that are all different: the worst that folding them can meet.
    let stack = 0;
    const chunk = (): string =>
      path === '/debug/pprof/goroutine'
        ? Array.from({ length: 500 }, () => `1 @ 0x1\n#\t0x1\tpkg.f${stack++}+0x1\tf.go:1\n\n`).join('')
        : '['.repeat(65_536);
    daemon.server.routes[path] = endless(chunk);
    await waitFor('the question to be given up', async () => {
      await pass(500);
      peak = Math.max(peak, process.memoryUsage().heapUsed);
      const reading = see(daemon.newest());
      return reading?.status === 'failed' && reading.detail === detail;
    });
    await daemon.stop();
    daemon.server.close();
    daemon.lines.length = 0;
    await pass(100);
    await bytesBack(before, 8 * mebibyte);
    expect(peak - before).toBeLessThan(600 * mebibyte);
  });
});

describe('the event stream', () => {
  const events = (readings: Sample['readings']) => okValue(readings.containers)?.events;

  test('that closes after every event is opened less and less often', async () => {
    const daemon = await watchDaemon(null);
    daemon.server.routes['/events'] = oneEventAtATime(containerEvent(id, 'kill', 1000, { signal: '15' }));
    const routes = daemon.server.routes['/events'];
    let opened = 0;
    daemon.server.routes['/events'] = (request, response) => {
      opened++;
      routes?.(request, response);
    };
    await daemon.watch(120);
    // At the latest 1, 2, 4, 8, 16, 30, 30 … seconds apart, at the earliest half of that.
    expect(opened).toBeGreaterThanOrEqual(4);
    expect(opened).toBeLessThanOrEqual(12);
    expect(events(daemon.newest())).toMatchObject({ status: 'failed', detail: 'the engine closed the event stream' });
    expect(daemon.newest().containers?.status).toBe('ok');
  });

  test('carries an event of two megabytes, as one of a container with large labels is', async () => {
    const daemon = await watchDaemon(null);
    daemon.script.list = [listed(id)];
    await daemon.watch(2);
    daemon.script.emit(containerEvent(id, 'kill', Date.now(), { signal: '15', label: 'x'.repeat(2 * mebibyte) }));
    await waitFor('the event', async () => {
      await pass(1000);
      return okValue(daemon.newest().containers)?.containers[0]?.kill?.count === 1;
    });
    expect(events(daemon.newest())).toMatchObject({ status: 'ok', value: { seen: 1 } });
  });

  test('at 500 events a second asks for the list once a second and no more, and keeps nothing of them', async () => {
    const daemon = await watchDaemon(null);
    daemon.script.list = [listed(id)];
    await daemon.watch(3);
    const before = bytesInUse();
    const listsBefore = daemon.asked.get('/containers/json') ?? 0;
    const perSecond = 500;
    const seconds = 20;
    for (let second = 0; second < seconds; second++) {
      for (let i = 0; i < perSecond; i++) {
        const other = `${second * perSecond + i}`.padStart(64, '0');
        daemon.script.emit(containerEvent(other, ['create', 'start', 'kill', 'die'][i % 4] ?? '', Date.now()));
      }
      daemon.script.past.length = 0;
      await daemon.watch(1);
    }
    await waitFor('all events', async () => {
      await pass(500);
      return okValue(events(daemon.newest()))?.seen === perSecond * seconds;
    });
    expect((daemon.asked.get('/containers/json') ?? 0) - listsBefore).toBeLessThanOrEqual(seconds + 5);
    daemon.lines.length = 0;
    await bytesBack(before, 8 * mebibyte);
  });
});

test('a daemon that restarts a hundred times is watched on, on as many descriptors and timers as before', async () => {
  const daemon = await watchDaemon(null);
  await daemon.watch(5);
  const [descriptors, timers] = [openDescriptors(), vi.getTimerCount()];
  for (let restart = 0; restart < 100; restart++) {
    daemon.script.drop(restart % 2 === 0 ? 'end' : 'destroy');
    daemon.server.dropConnections();
    await pass(1000);
  }
  await daemon.watch(40);
  for (const [what, reading] of Object.entries(readingsOf(daemon.newest()))) expect(reading?.status, what).toBe('ok');
  expect(events(daemon.newest())).toMatchObject({ status: 'ok' });
  expect(vi.getTimerCount()).toBeLessThanOrEqual(timers + 1);
  await descriptorsBack(descriptors);
});

const events = (readings: Sample['readings']) => okValue(readings.containers)?.events;

describe('a daemon that is stopped (SIGSTOP, a frozen group)', () => {
  test.each([
    ['has room for connections that it never accepts', 100, /no answer yet|no answer within/],
    ['has no room left for connections', 1, /accepts no connections|no answer yet|no answer within/],
  ] as const)('and %s is told by its silence, and gets no heap of connections', async (_, room, words) => {
    const socketPath = `${temporaryFolder()}/frozen`;
    const frozen = await startFrozenDaemon(socketPath, room);
    const descriptors = openDescriptors();
    const daemon = await watchDaemon(null, socketPath);
    await daemon.watch(120);
    for (const [what, reading] of Object.entries(readingsOf(daemon.newest()))) {
      expectWords(reading, what);
      expect(reading?.status === 'ok' ? '' : reading?.detail, what).toMatch(words);
    }
    expect(openDescriptors() - descriptors).toBeLessThanOrEqual(8);
    const looks = daemon.lines.filter(({ readings }) => readings.processes?.status === 'ok');
    expect(looks.length).toBeGreaterThanOrEqual(119);
    await daemon.stop();
    // Each connection that was given up waits there until it goes on.
    expect(await frozen.waiting()).toBeLessThanOrEqual(40);
  });
});
