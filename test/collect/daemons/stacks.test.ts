import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import { StacksCollector } from '../../../src/collect/daemons/stacks.ts';
import { failed, ok, type Reading } from '../../../src/sample/reading.ts';
import type { DaemonStacks, FoldedStacks } from '../../../src/sample/stacks.ts';
import { lockedDump, lockedFolded } from '../../support/locked-daemon.ts';
import { waitFor } from '../../support/wait-for.ts';
import { answer, StandIn } from '../stand-in.ts';

const recorded = (name: string): string =>
  gunzipSync(fs.readFileSync(path.join(import.meta.dirname, '../../recordings/goroutines', name))).toString();

/** A collector that looks at one daemon, which answers with this text and says it has so many goroutines. */
async function watching(text: string, goroutines: Reading<number>) {
  const daemon = await StandIn.listen({ '/debug/pprof/goroutine': answer(text) });
  const client = DebugClient.forUrl(daemon.url);
  const collector = new StacksCollector(() => [{ daemon: 'dockerd', client, goroutines }]);
  onTestFinished(() => {
    collector.close();
    client.close();
  });
  const look = (): DaemonStacks | undefined => collector.collect().daemons[0];
  return { daemon, look };
}

const stacksOf = (look: () => DaemonStacks | undefined): Promise<FoldedStacks> =>
  waitFor('the stacks', () => {
    const stacks = look()?.stacks;
    return stacks?.status === 'ok' && stacks.value;
  });

describe('the goroutines of a daemon', () => {
  test('are reported folded by the names of their functions, the most frequent first', async () => {
    const { look } = await watching(recorded('stop-leak-t1.dockerd.debug1.txt.gz'), ok(297, 1));
    const { total, groups, rest } = await stacksOf(look);
    expect(total).toBe(297);
    expect(rest).toBe(0);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(297);
    expect(groups.slice(0, 2).map(({ count }) => count)).toEqual([120, 120]);
    expect(groups.map(({ funcs }) => funcs[0])).toContain('github.com/docker/docker/daemon.(*Daemon).Kill');
  });

  test('are asked for folded, once, and reported once', async () => {
    const { daemon, look } = await watching(recorded('stop-leak-t0.dockerd.debug1.txt.gz'), ok(59, 1));
    await stacksOf(look);
    expect(look()).toEqual({ daemon: 'dockerd', look: 1, stacks: null });
    expect(daemon.asked).toEqual(['/debug/pprof/goroutine?debug=1']);
  });

  test('are left alone when there are so many that the daemon would stand still for long', async () => {
    const { daemon, look } = await watching('', ok(20_001, 1));
    expect(look()?.stacks).toMatchObject({ status: 'absent', detail: expect.stringContaining('press x') });
    expect(daemon.asked).toEqual([]);
  });

  test('are not asked for where even their number is not reported', async () => {
    const { daemon, look } = await watching('', failed('GET /debug/pprof/: no answer within 5s'));
    expect(look()?.stacks).toMatchObject({ status: 'failed', detail: 'GET /debug/pprof/: no answer within 5s' });
    expect(daemon.asked).toEqual([]);
  });

  test('are asked for where only the page that lists the profiles is missing', async () => {
    const recording = recorded('stop-leak-t0.dockerd.debug1.txt.gz');
    const { look } = await watching(recording, failed('GET /debug/pprof/: HTTP 404'));
    expect((await stacksOf(look)).total).toBe(59);
  });

  test('are read whole once for a pile-up, and sent once, with the folded read that it explains', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { daemon, look } = await watching('', ok(62, 1));
    daemon.routes['/debug/pprof/goroutine'] = (request, response) =>
      response.end(request.url?.endsWith('debug=2') ? lockedDump(48) : lockedFolded(48));
    const sent: DaemonStacks[] = [];
    const polls = async (reads: number): Promise<void> => {
      await waitFor('the read', () => {
        const one = look();
        if (one !== undefined && (one.stacks?.status === 'ok' || one.whole !== undefined)) sent.push(one);
        return daemon.open === 0 && one?.look === reads;
      });
      vi.advanceTimersByTime(30_000);
    };
    for (let reads = 1; reads <= 4; reads++) await polls(reads);
    expect(daemon.asked.map((url) => url.at(-1))).toEqual(['1', '1', '2', '1', '1']);
    expect(daemon.mostOpen).toBe(1);
    const whole = sent.filter(({ whole }) => whole !== undefined);
    expect(whole).toMatchObject([{ look: 2, stacks: { status: 'ok' }, whole: { status: 'ok', value: { total: 62 } } }]);
  });

  test('that are no profile are a failure with its reason', async () => {
    const { look } = await watching('<html>not found</html>', ok(40, 1));
    const stacks = await waitFor('the failure', () => {
      const now = look()?.stacks;
      return now?.status === 'failed' && now;
    });
    expect(stacks.detail).toContain('goroutine?debug=1');
  });
});
