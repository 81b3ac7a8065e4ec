import { expect, test } from 'vitest';
import { pileUps } from '../../../src/collect/daemons/pile-ups.ts';

const locked = ['sync.runtime_SemacquireMutex', 'sync.(*Mutex).lockSlow', 'sync.(*Mutex).Lock'];
const folded = (...groups: readonly (readonly [number, ...string[]])[]) => ({
  total: groups.reduce((sum, [count]) => sum + count, 0),
  groups: groups.map(([count, ...funcs]) => ({ count, funcs })),
  rest: 0,
});

test('ten goroutines that want locks in methods of one type are a pile-up, nine are none', () => {
  expect([...pileUps(folded([9, ...locked, 'a/layer.(*layerStore).Get', 'main.main']))]).toEqual([]);
  expect([
    ...pileUps(
      folded(
        [6, ...locked, 'a/layer.(*layerStore).Get'],
        [4, 'runtime.gopark', ...locked, 'a/layer.(*layerStore).Map'],
      ),
    ),
  ]).toEqual(['a/layer.(*layerStore)']);
});

test('a read lock and a function without a receiver count too', () => {
  const read = ['sync.runtime_SemacquireRWMutexR', 'sync.(*RWMutex).RLock'];
  expect([...pileUps(folded([20, ...read, 'a/store.lookup.func1']))]).toEqual(['a/store.lookup.func1']);
});

test.each([
  ['a WaitGroup', ['sync.runtime_Semacquire', 'sync.(*WaitGroup).Wait', 'a.(*b).c']],
  ['a channel', ['runtime.gopark', 'runtime.chanrecv', 'a.(*b).c']],
  ['a lock that is about to be had', ['sync.(*Mutex).Lock', 'a.(*b).c']],
])('%s is none', (_, funcs) => {
  expect(pileUps(folded([500, ...funcs])).size).toBe(0);
});
