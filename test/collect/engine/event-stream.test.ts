import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openEngine } from '../../../src/collect/engine/client.ts';
import { EventStream } from '../../../src/collect/engine/event-stream.ts';
import type { ContainerEvent } from '../../../src/parse/engine/event.ts';
import { openGate } from '../../support/open-gate.ts';
import { letEventsRun, waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../../support/world.ts';
import { answer, holdTime, neverAnswer, pass, StandIn } from '../stand-in.ts';
import { containerEvent, EngineScript } from './script.ts';

const id = 'fb'.repeat(32);

// Loaded before a test holds the time.
await openEngine({ kind: 'unix', url: '', socketPath: '' }, openGate);

async function follow(change: Partial<EngineScript['routes']> = {}, past: object[] = []) {
  const script = new EngineScript();
  script.past = past;
  const server = await StandIn.listen({ ...script.routes, ...change } as EngineScript['routes']);
  const events: ContainerEvent[] = [];
  const opens: number[] = [];
  const stream = new EventStream(() => openEngine(server.endpoint, openGate), {
    onOpen: () => opens.push(events.length),
    onEvent: (event) => events.push(event),
  });
  const ended = stream.run();
  onTestFinished(() => stream.close());
  return { script, server, stream, events, opens, ended };
}

describe('the stream', () => {
  test('is pending before it is open', () => {
    const stream = new EventStream(() => Promise.reject(new Error('x')), { onOpen: () => {}, onEvent: () => {} });
    expect(stream.reading).toMatchObject({ status: 'pending' });
  });

  test('asks for what the engine remembers, about containers only', async () => {
    const { script } = await follow();
    const query = await waitFor('the stream', () => script.opened[0]);
    expect(query.get('since')).toBe('1');
    expect(query.has('until')).toBe(false);
    expect(query.has('abortSignal')).toBe(false);
    const filters = JSON.parse(query.get('filters') ?? '');
    expect(filters.type).toEqual(['container']);
    expect(filters.event).toEqual(expect.arrayContaining(['kill', 'die', 'start', 'destroy', 'oom']));
    expect(filters.event).not.toContain('exec_start');
  });

  test('opens, gives past events, then what happens', async () => {
    const { script, events, opens, stream } = await follow({}, [
      containerEvent(id, 'kill', 1000, { signal: '15' }),
      containerEvent(id, 'die', 2000),
    ]);
    await waitFor('the past', () => events.length === 2);
    expect(opens).toEqual([0]);
    script.emit(containerEvent(id, 'start', 3000));
    await waitFor('the present', () => events.length === 3);
    expect(events.map(({ action, at, signal }) => [action, at, signal])).toEqual([
      ['kill', 1000, 15],
      ['die', 2000, null],
      ['start', 3000, null],
    ]);
    expect(stream.reading).toEqual({ status: 'ok', tookMs: 0, value: { seen: 3 } });
  });

  test('is open, with nothing seen, on an engine where nothing happened', async () => {
    const { stream, opens } = await follow();
    await waitFor('the stream', () => opens.length === 1);
    expect(stream.reading).toEqual({ status: 'ok', tookMs: 0, value: { seen: 0 } });
  });

  test('puts together what comes in pieces, and leaves out what is no event', async () => {
    const { script, events } = await follow();
    await waitFor('the stream', () => script.streams.length === 1);
    const [stream] = script.streams;
    const bytes = Buffer.from(`${JSON.stringify(containerEvent(id, 'kill', 1000, { signal: '9', name: 'naïve' }))}\n`);
    for (const byte of bytes) {
      stream?.write(Buffer.from([byte]));
      await letEventsRun();
    }
    stream?.write('\nnot JSON\n{"Type":"network","Action":"connect","Actor":{"ID":"n"}}\n');
    script.emit(containerEvent(id, 'die', 2000));
    await waitFor('both', () => events.length === 2);
    expect(events.map(({ action }) => action)).toEqual(['kill', 'die']);
  });

  test('is given up when a line has no end', async () => {
    const { script, stream } = await follow();
    await waitFor('the stream', () => script.streams.length === 1);
    script.streams[0]?.write('x'.repeat(9 * 1024 ** 2));
    await waitFor('the failure', () => stream.reading.status === 'failed');
    expect(stream.reading).toMatchObject({ detail: 'event stream: a line of the event stream is too long' });
  });
});

describe('a stream that ends', () => {
  test.each([
    ['closed', 'end', 'the engine closed the event stream'],
    ['cut', 'destroy', 'event stream: connection closed'],
  ] as const)('because it is %s is told, and opened again', async (_, how, detail) => {
    holdTime();
    const { script, stream, events, opens } = await follow({}, [containerEvent(id, 'kill', 1000, { signal: '15' })]);
    await waitFor('the past', () => events.length === 1);
    script.drop(how);
    await waitFor('the failure', () => stream.reading.status === 'failed');
    expect(stream.reading).toEqual({ status: 'failed', detail });
    await pass(900);
    expect(opens).toHaveLength(1);
    await pass(1200);
    await waitFor('the stream again', () => opens.length === 2);
    await waitFor('the past again', () => events.length === 2);
    expect(stream.reading).toMatchObject({ status: 'ok', value: { seen: 1 } });
  });

  test('is asked for less and less often, up to half a minute', async () => {
    holdTime();
    const { server, stream } = await follow({ '/events': answer('{"message":"no"}', 500) });
    await waitFor('the failure', () => stream.reading.status === 'failed');
    expect(stream.reading).toMatchObject({ detail: expect.stringContaining('HTTP code 500') });
    const pauses: number[] = [];
    for (let i = 1; i <= 7; i++) {
      await waitFor('the question', () => server.asked.length === i && server.open === 0);
      const started = performance.now();
      while (server.asked.length === i && performance.now() - started < 40_000) await pass(100);
      pauses.push(performance.now() - started);
    }
    for (const [i, longest] of [2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000].entries()) {
      expect(pauses[i]).toBeGreaterThanOrEqual(longest / 2);
      expect(pauses[i]).toBeLessThanOrEqual(longest + 200);
    }
  });

  test('after more than half a minute was a healthy one, and is soon back', async () => {
    holdTime();
    const { script, opens, stream } = await follow();
    await waitFor('the stream', () => opens.length === 1);
    await pass(31_000);
    script.drop('end');
    await waitFor('the failure', () => stream.reading.status === 'failed');
    await pass(1000);
    await waitFor('the stream again', () => opens.length === 2);
  });
});

test('an engine that is not there is reported', async () => {
  const socketPath = `${temporaryFolder()}/none`;
  const stream = new EventStream(() => openEngine({ kind: 'unix', url: '', socketPath }, openGate), {
    onOpen: () => {},
    onEvent: () => {},
  });
  onTestFinished(() => stream.close());
  void stream.run();
  await waitFor('the failure', () => stream.reading.status === 'failed');
  expect(stream.reading).toEqual({ status: 'failed', detail: `event stream: no such socket: ${socketPath}` });
});

test('an engine that takes the question and never answers is pending, for longer and longer', async () => {
  holdTime();
  const { server, stream } = await follow({ '/events': neverAnswer });
  await waitFor('the question', () => server.asked.length === 1);
  await pass(7000);
  expect(stream.reading).toMatchObject({ status: 'pending', forMs: 7000 });
});

describe('closing', () => {
  test('ends the connection and the run at once, and leaves no timer', async () => {
    holdTime();
    const { stream, server, opens, ended } = await follow();
    await waitFor('the stream', () => opens.length === 1);
    stream.close();
    await waitFor('the connection to end', () => server.open === 0);
    await letEventsRun();
    expect(vi.getTimerCount()).toBe(0);
    await ended;
  });

  test('ends the run in a pause too', async () => {
    holdTime();
    const { stream, ended } = await follow({ '/events': answer('no', 500) });
    await waitFor('the failure', () => stream.reading.status === 'failed');
    stream.close();
    await ended;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('before the run starts lets nothing be asked', async () => {
    const server = await StandIn.listen({});
    const stream = new EventStream(() => openEngine(server.endpoint, openGate), {
      onOpen: () => {},
      onEvent: () => {},
    });
    stream.close();
    await stream.run();
    expect(server.asked).toEqual([]);
  });
});
