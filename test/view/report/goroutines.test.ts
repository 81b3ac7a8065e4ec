import { describe, expect, test } from 'vitest';
import { compareDumps, withDeltas } from '../../../src/model/goroutines/growth.ts';
import type { Goroutine } from '../../../src/sample/goroutines.ts';
import { goroutinesText } from '../../../src/view/report/goroutines.ts';
import { goroutinesJson } from '../../../src/view/report/goroutines-json.ts';
import { heapJson, heapText } from '../../../src/view/report/heap.ts';
import { goroutine, report } from '../../model/goroutines/goroutine.ts';
import { httpHeap, stopLeakDump } from '../../support/goroutines.ts';

const before = stopLeakDump(60);
const after = stopLeakDump(760);
const given = {
  name: 'dockerd',
  report: withDeltas(before, after),
  growth: compareDumps(before, after, 2),
  note: null,
};

describe('the report of a dump', () => {
  test('says what is known first, then the stacks', async () => {
    await expect(goroutinesText(given, 20)).toMatchFileSnapshot('../../../snapshots/report/goroutines.txt');
  });

  test('says how many groups it left out', () => {
    expect(goroutinesText(given, 1)).toContain('3 more groups (--top 4 shows all)');
  });

  const whole = (...stacks: Goroutine[]): string =>
    goroutinesText({ name: null, report: report([main, ...stacks]), growth: null, note: null }, 20);
  const main = goroutine(['main.handleSignals', 'main.main'], { id: 1, state: 'select', waitMinutes: 12_844 });
  const calm = 'No known sign of trouble: no goroutine waits for a lock.';

  test('says of a whole dump that nothing is known to be wrong', () => {
    const idle = goroutine(['net.(*UnixListener).Accept', 'main.serve.func1'], { id: 15, state: 'IO wait' });
    expect(whole(idle)).toContain(calm);
  });

  test('says no such thing beside a sign', () => {
    const call = goroutine(['shm.(*SHMLocks).LockSemaphore', 'main.lock'], { id: 2, state: 'syscall' });
    expect(whole(call)).not.toContain(calm);
  });

  test('has the JSON that is promised', async () => {
    const json = goroutinesJson(given, 20);
    expect(json).toMatchObject({
      schema: 1,
      name: 'dockerd',
      form: 'debug2',
      total: 1523,
      partial: false,
      error: null,
    });
    await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot('../../../snapshots/report/goroutines.json');
  });
});

describe('the report of a heap', () => {
  test('names the connections that fill it, then the functions', async () => {
    await expect(heapText(httpHeap(1500), 20)).toMatchFileSnapshot('../../../snapshots/report/heap.txt');
    expect(heapJson(httpHeap(1500), 2)).toMatchObject({ schema: 1, name: 'dockerd', functions: [{}, {}] });
  });
});
