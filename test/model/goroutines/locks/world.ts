import fc from 'fast-check';
import type { Goroutine } from '../../../../src/sample/goroutines.ts';
import { goroutine, newLock, oldLock } from '../goroutine.ts';

const root = 'example.org/program/';
/** A made program: one lock in an object, its waiters, the holder, and decoys of all kinds. */
export interface LockWorld {
  readonly lock: string;
  readonly object: string;
  readonly waiters: readonly Goroutine[];
  readonly holder: Goroutine;
  readonly decoys: readonly Goroutine[];
}

const address = (base: number, offset = 0): string => `0x${(0xc000000000 + base * 0x10000 + offset).toString(16)}`;
const served = ['net/http.(*conn).serve(0xc0003980a0)'];

/** Waits a while ago, so that it is no short contention. */
const waits = fc.integer({ min: 5, max: 500 });

export const lockWorld: fc.Arbitrary<LockWorld> = fc
  .record({
    base: fc.integer({ min: 1, max: 200 }),
    offset: fc.constantFrom(0, 8, 0x28, 0xf8),
    isNew: fc.boolean(),
    waiters: fc.array(waits, { minLength: 1, maxLength: 12 }),
    leaf: fc.constantFrom(
      ['chan receive', 'example.org/other.(*Client).Close(0xc00f00d000)'],
      ['select', 'google.golang.org/grpc/internal/transport.(*Stream).waitOnHeader(0xc00f00d000)'],
      ['syscall', 'golang.org/x/sys/unix.Unmount({0xc00f00d000, 0x40}, 0x2)'],
      ['IO wait', 'internal/poll.(*FD).Read(0xc00f00d000)'],
    ),
    decoys: fc.array(fc.nat(8), { maxLength: 12 }),
  })
  .map(({ base, offset, isNew, waiters, leaf, decoys }): LockWorld => {
    const object = address(base);
    const lock = address(base, offset);
    const [state = '', call = ''] = leaf;
    const oldest = Math.max(...waiters);
    const wanted = isNew ? newLock(lock) : oldLock(lock);
    return {
      lock,
      object,
      waiters: waiters.map((waitMinutes, n) =>
        goroutine(
          [
            ...wanted,
            `${root}store.(*Store).Get(${object}, 0x40)`,
            `${root}api.(*Server).get(0xc0aaaa0000)`,
            ...served,
          ],
          {
            id: 100 + n,
            state: 'semacquire',
            waitMinutes,
          },
        ),
      ),
      holder: goroutine(
        [call, `${root}store.(*Store).Put(${object}, 0x1)`, `${root}api.(*Server).put(0xc0aaaa0000)`, ...served],
        {
          id: 55,
          state,
          waitMinutes: oldest,
        },
      ),
      decoys: decoys.map((kind, n) => decoy(kind, 200 + n, object, lock, oldest, wanted)),
    };
  });

/** Goroutines that have the object's address, or its functions, and do not hold its lock. */
function decoy(
  kind: number,
  id: number,
  object: string,
  lock: string,
  oldest: number,
  wanted: readonly string[],
): Goroutine {
  const at = { id, state: 'select', waitMinutes: oldest };
  const kinds: readonly (() => Goroutine)[] = [
    // Workers of the object itself.
    () => goroutine([`${root}store.(*Store).loop(${object})`], at),
    () => goroutine([`${root}store.(*Store).Watch(${object}, 0xc0bbbb0000)`], { ...at, state: 'chan receive' }),
    // What was left in registers.
    () => goroutine([`${root}other.Wait(${object}?)`, `${root}store.(*Store).Put(${object}?, 0x1?)`, ...served], at),
    // The address, used again by something else.
    () =>
      goroutine([`bytes.(*Buffer).Read(${object}, 0x10)`, `${root}api.(*Server).copy(0xc0aaaa0000)`, ...served], at),
    () => goroutine([`net/http.(*body).Read(${lock}, 0x10)`, `example.com/else.(*Thing).Do(${object})`], at),
    // Inlined.
    () => goroutine([`${root}store.(*Store).Put(...)`, `${root}api.(*Server).idle(0xc0aaaa0000)`, ...served], at),
    // The same functions for another object.
    () =>
      goroutine(
        ['example.org/other.(*Client).Close(0xc00f00e000)', `${root}store.(*Store).Put(0xc0dddd0000, 0x1)`, ...served],
        at,
      ),
    // Waiters of another lock.
    () =>
      goroutine(
        [...wanted.map((line) => line.replace(lock, '0xc0eeee0000')), `${root}cache.(*Cache).Get(0xc0eeee0000)`],
        {
          ...at,
          state: 'semacquire',
        },
      ),
    () =>
      goroutine(
        ['internal/poll.(*FD).Read(0xc000123000)', 'net/http.(*conn).readRequest(0xc000124000)', ...served],
        at,
      ),
  ];
  return (kinds[kind] ?? kinds[0] ?? (() => goroutine([])))();
}
