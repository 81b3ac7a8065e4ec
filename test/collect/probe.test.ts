import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Probe } from '../../src/collect/probe.ts';

interface Question {
  readonly signal: AbortSignal;
  readonly answer: (value: number) => void;
  readonly fail: (error: unknown) => void;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return () => vi.useRealTimers();
});

/** A probe whose questions the test answers; they end when their signal aborts, unless they are deaf. */
function open({ periodMs = 5000, deadlineMs = 5000, deaf = false } = {}) {
  const questions: Question[] = [];
  const probe = new Probe<number>({
    what: 'GET /x',
    periodMs,
    deadlineMs,
    ask: (signal) =>
      new Promise((answer, fail) => {
        questions.push({ signal, answer, fail });
        if (!deaf) signal.addEventListener('abort', () => fail(signal.reason));
      }),
  });
  return { probe, questions };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('the reading', () => {
  test('is pending before anything was asked', () => {
    expect(open().probe.reading).toEqual({ status: 'pending', forMs: 0, detail: 'GET /x: not requested yet' });
  });

  test('is pending from the start while the first answer is on its way', async () => {
    const { probe } = open();
    void probe.poll();
    await pass(300);
    expect(probe.reading).toEqual({ status: 'pending', forMs: 300, detail: 'GET /x: no answer yet' });
  });

  test('is the answer, and how long it took', async () => {
    const { probe, questions } = open();
    const polled = probe.poll();
    await pass(40);
    questions[0]?.answer(7);
    await polled;
    expect(probe.reading).toEqual({ status: 'ok', value: 7, tookMs: 40 });
  });

  test('stays the answer before while the next is on its way, for a second', async () => {
    const { probe, questions } = open();
    void probe.poll();
    questions[0]?.answer(7);
    await pass(5000);
    void probe.poll();
    await pass(999);
    expect(probe.reading).toMatchObject({ status: 'ok', value: 7 });
    await pass(1);
    expect(probe.reading).toMatchObject({ status: 'pending', forMs: 1000 });
    questions[1]?.answer(8);
    await pass(0);
    expect(probe.reading).toEqual({ status: 'ok', value: 8, tookMs: 1000 });
  });

  test('fails at the deadline', async () => {
    const { probe, questions } = open();
    void probe.poll();
    await pass(4999);
    expect(probe.reading).toMatchObject({ status: 'pending', forMs: 4999 });
    await pass(1);
    expect(questions[0]?.signal.aborted).toBe(true);
    expect(probe.reading).toEqual({ status: 'failed', detail: 'GET /x: no answer within 5s' });
  });

  test.each([
    [
      'a refused connection',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'failed',
      'GET /x: nothing listens',
    ],
    ['a missing socket', Object.assign(new Error('x'), { code: 'ENOENT' }), 'absent', 'no such socket'],
    ['an answer of another form', new Error('no Version in it'), 'failed', 'GET /x: no Version in it'],
  ])('after %s says so', async (_, error, status, detail) => {
    const { probe, questions } = open();
    void probe.poll();
    questions[0]?.fail(error);
    await pass(0);
    expect(probe.reading).toEqual({ status, detail: expect.stringContaining(detail) });
  });

  test('is an error that the question threw before it was asked', async () => {
    const probe = new Probe<number>({
      what: 'GET /x',
      periodMs: 1000,
      deadlineMs: 1000,
      ask: () => {
        throw new Error('not even asked');
      },
    });
    await probe.poll();
    expect(probe.reading).toEqual({ status: 'failed', detail: 'GET /x: not even asked' });
  });

  test('does not stay pending for ever when a question never ends after its deadline', async () => {
    const { probe } = open({ deaf: true });
    void probe.poll();
    await pass(5001);
    expect(probe.reading).toEqual({ status: 'failed', detail: 'GET /x: no answer within 5s' });
    expect(probe.open).toBe(false);
  });
});

describe('a question', () => {
  test('is not asked twice at once; a poll meanwhile waits for the same request', async () => {
    const { probe, questions } = open();
    const first = probe.poll();
    expect(probe.open).toBe(true);
    expect(probe.poll()).toBe(first);
    expect(questions).toHaveLength(1);
    questions[0]?.answer(1);
    await first;
    expect(probe.open).toBe(false);
  });

  test('is asked again when its period is over, counted from when it was asked', async () => {
    const { probe, questions } = open({ periodMs: 1000 });
    void probe.poll();
    await pass(300);
    questions[0]?.answer(1);
    await pass(699);
    expect(probe.due).toBe(false);
    await probe.poll();
    expect(questions).toHaveLength(1);
    await pass(1);
    void probe.poll();
    expect(questions).toHaveLength(2);
  });

  test('is asked at once when what is known has become void', async () => {
    const { probe, questions } = open();
    void probe.poll();
    questions[0]?.answer(1);
    await pass(10);
    probe.expire();
    void probe.poll();
    expect(questions).toHaveLength(2);
  });

  test('is asked anew when what is known becomes void while it is open', async () => {
    const { probe, questions } = open({ periodMs: 60_000 });
    void probe.poll();
    probe.expire();
    questions[0]?.answer(1);
    await pass(0);
    void probe.poll();
    expect(questions).toHaveLength(2);
  });

  test('is given up on demand', async () => {
    const { probe, questions } = open();
    const polled = probe.poll();
    probe.stop();
    expect(questions[0]?.signal.aborted).toBe(true);
    await polled;
    expect(probe.open).toBe(false);
  });

  test('leaves no timer behind', async () => {
    const { probe, questions } = open();
    void probe.poll();
    questions[0]?.answer(1);
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('while it fails', () => {
  /** When the next question comes after so many failures. */
  async function pauses(periodMs: number, failures: number): Promise<number[]> {
    const { probe, questions } = open({ periodMs });
    const pauses: number[] = [];
    for (let i = 0; i < failures; i++) {
      void probe.poll();
      questions[i]?.fail(new Error('x'));
      await pass(0);
      const failedAt = performance.now();
      while (!probe.due) await pass(50);
      pauses.push(performance.now() - failedAt);
    }
    return pauses;
  }

  test('it is asked less and less often, up to half a minute', async () => {
    const seen = await pauses(1000, 8);
    for (const [i, expected] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000].entries()) {
      expect(seen[i]).toBeGreaterThanOrEqual(expected * 0.9);
      expect(seen[i]).toBeLessThanOrEqual(expected * 1.1 + 50);
    }
  });

  test('a question that is asked rarely is asked again soon, and then less and less', async () => {
    const [first = 0, second = 0, third = 0] = await pauses(60_000, 3);
    expect(first).toBeGreaterThanOrEqual(4500);
    expect(first).toBeLessThanOrEqual(5500);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });

  test('one success makes the next failure the first again', async () => {
    const { probe, questions } = open({ periodMs: 1000 });
    for (const [i, outcome] of ['bad', 'bad', 'bad', 'good', 'bad'].entries()) {
      while (!probe.due) await pass(50);
      void probe.poll();
      if (outcome === 'good') questions[i]?.answer(1);
      else questions[i]?.fail(new Error('x'));
      await pass(0);
    }
    await pass(1101);
    expect(probe.due).toBe(true);
  });
});
