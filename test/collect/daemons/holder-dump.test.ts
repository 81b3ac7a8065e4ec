import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import { HolderDump } from '../../../src/collect/daemons/holder-dump.ts';
import type { FoldedStacks } from '../../../src/sample/stacks.ts';
import { lockedLayers } from '../../corpus/stacks.ts';
import { lockedDump } from '../../support/locked-daemon.ts';
import { waitFor } from '../../support/wait-for.ts';
import { answer, cutOff, type Handler, neverAnswer, StandIn } from '../stand-in.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const folded = (waiters: number, others = 40): FoldedStacks => {
  const groups = [...lockedLayers(waiters), { count: others, funcs: ['runtime.gopark', 'net/http.(*conn).serve'] }];
  return { total: groups.reduce((sum, { count }) => sum + count, 0), groups, rest: 0 };
};

/** A daemon that answers so, and what reads it. */
async function reading(handler: Handler) {
  const daemon = await StandIn.listen({ '/debug/pprof/goroutine': handler });
  const client = DebugClient.forUrl(daemon.url);
  const dump = new HolderDump(client);
  onTestFinished(() => {
    dump.stop();
    client.close();
  });
  /** Folded reads half a minute apart; what comes of them has come. */
  const requestsOf = async (...reads: readonly FoldedStacks[]): Promise<number> => {
    for (const one of reads) {
      dump.consider(one);
      await waitFor('the answer', () => !dump.open);
      vi.advanceTimersByTime(30_000);
    }
    return daemon.count('/debug/pprof/goroutine');
  };
  return { daemon, dump, requestsOf };
}

describe('a whole dump', () => {
  test('is requested once for a pile-up that is there in two reads, however long it stays', async () => {
    const { daemon, dump, requestsOf } = await reading(answer(lockedDump(48)));
    expect(await requestsOf(folded(48))).toBe(0);
    expect(await requestsOf(...Array.from({ length: 60 }, () => folded(48)))).toBe(1);
    expect(daemon.asked).toEqual(['/debug/pprof/goroutine?debug=2']);
    const whole = dump.take();
    expect(whole).toMatchObject({ status: 'ok', value: { total: 62, partial: false } });
    const stacks = whole?.status === 'ok' ? whole.value.stacks : [];
    expect(stacks.map(({ goroutines }) => goroutines.length)).toEqual([1, 48, 1, 12]);
    expect(stacks[2]?.goroutines[0]).toMatchObject({ id: 1908, state: 'syscall', waitMinutes: 53 });
    expect(dump.take()).toBeNull();
  });

  test('is not requested where few wait, or many for a moment', async () => {
    const { requestsOf } = await reading(answer(lockedDump(48)));
    expect(await requestsOf(...Array.from({ length: 30 }, () => folded(9)))).toBe(0);
    expect(await requestsOf(folded(300), folded(0), folded(300), folded(2))).toBe(0);
  });

  test('is not requested of a daemon with more than a thousand goroutines', async () => {
    const { requestsOf } = await reading(answer(lockedDump(48)));
    expect(await requestsOf(...Array.from({ length: 30 }, () => folded(48, 960)))).toBe(0);
    expect(await requestsOf(folded(48, 900))).toBe(1);
  });

  test('of another pile-up comes ten minutes after the first at the earliest', async () => {
    const { requestsOf } = await reading(answer(lockedDump(48)));
    expect(await requestsOf(folded(48), folded(48), folded(0))).toBe(1);
    expect(await requestsOf(...Array.from({ length: 18 }, () => folded(30)))).toBe(1);
    expect(await requestsOf(folded(30), folded(30))).toBe(2);
  });

  test.each([
    ['breaks off', cutOff('goroutine 1 [select]:\n'), /connection closed|aborted|terminated/],
    ['is no dump', answer('<html>'), /debug=2/],
    [
      'is too long',
      answer(`goroutine 1 [select]:\nmain.main()\n${'x'.repeat(9 * 1024 ** 2)}`),
      /more than 8388608 bytes/,
    ],
    ['is refused', answer('no', 404), /HTTP 404/],
  ])('that %s is a failure, and not requested again', async (_, handler, words) => {
    const { dump, requestsOf } = await reading(handler);
    expect(await requestsOf(...Array.from({ length: 40 }, () => folded(48)))).toBe(1);
    expect(dump.take()).toMatchObject({ status: 'failed', detail: expect.stringMatching(words) });
  });

  test('that does not come holds no second request', async () => {
    const { daemon, dump } = await reading(neverAnswer);
    dump.consider(folded(48));
    dump.consider(folded(48));
    await waitFor('the request', () => daemon.open === 1);
    vi.advanceTimersByTime(11 * 60_000);
    dump.consider(folded(0));
    dump.consider(folded(60));
    dump.consider(folded(60));
    expect(daemon.mostOpen).toBe(1);
    dump.stop();
    await waitFor('the end', () => !dump.open);
    expect(dump.take()?.status).toBe('failed');
  });
});
