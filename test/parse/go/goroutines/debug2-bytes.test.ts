import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DumpAnalysis, type DumpReport } from '../../../../src/model/goroutines/analysis.ts';
import { openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine, RepeatedGoroutine } from '../../../../src/sample/goroutines.ts';
import { expectSame as expectEqual } from '../../../support/expect-same.ts';
import { anyCharacter, anyText } from '../../any-text.ts';
import { madeDump, manglings } from './manglings.ts';
import { recording } from './recordings.ts';

interface Read {
  readonly goroutines: readonly Goroutine[];
  readonly repeats: number;
  readonly end: DumpEnd;
  readonly report: DumpReport;
}

/** As the parser of lines would have made it. */
const made = (repeat: RepeatedGoroutine): Goroutine => ({
  ...repeat.stack.first,
  id: repeat.id,
  state: repeat.state,
  waitMinutes: repeat.waitMinutes,
  lockedToThread: repeat.lockedToThread,
  frames: repeat.stack.first.frames.map((frame, index) => ({ ...frame, args: repeat.argsOf(index) })),
});

/** Reads a dump in chunks that are overwritten after use. */
function read(chunks: readonly Uint8Array[], comparing: boolean): Read {
  const goroutines: Goroutine[] = [];
  const analysis = new DumpAnalysis();
  let repeats = 0;
  const onRepeat = (repeat: RepeatedGoroutine): void => {
    repeats++;
    goroutines.push(made(repeat));
    analysis.addRepeat(repeat);
  };
  const parser = openGoroutineParser(
    'debug2',
    (goroutine) => {
      goroutines.push(goroutine);
      analysis.add(goroutine);
    },
    comparing ? onRepeat : undefined,
  );
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk);
    parser.feed(own);
    own.fill(0x29);
  }
  const end = parser.end();
  return { goroutines, repeats, end, report: analysis.finish(end) };
}

/** What is read by comparing bytes is what is read line by line; how many goroutines were compared. */
function expectSame(chunks: readonly Uint8Array[], whole: Read = read([Buffer.concat(chunks)], false)): number {
  const { repeats, ...compared } = read(chunks, true);
  expectEqual({ ...compared, repeats: 0 }, { ...whole, repeats: 0 });
  return repeats;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

/** A dump in which few stacks come again and again, with other numbers, minutes, states and arguments. */
const repeated: fc.Arbitrary<string> = fc
  .tuple(
    madeDump,
    fc.array(fc.tuple(fc.nat(), fc.nat(0xffffff), fc.constantFrom('', ', 1 minutes', ', 61 minutes')), {
      minLength: 5,
      maxLength: 40,
    }),
  )
  .map(([dump, picks]) => {
    const bodies = dump.split(/\n\n/).map((text) => text.trimEnd());
    return picks
      .map(([pick, number, wait]) => {
        const body = bodies[pick % bodies.length] ?? '';
        return `${body
          .replace(/^goroutine \d+/, `goroutine ${number}`)
          .replace(/^(goroutine \d+ \[[^\],]+)\]/, `$1${wait}]`)
          .replaceAll('0xc000', `0xc${(number % 4096).toString(16)}`)
          .replace(/in goroutine \d+/, `in goroutine ${number % 1000}`)}\n\n`;
      })
      .join('');
  });

const stack = (id: number, words: string, state = 'select'): string =>
  `goroutine ${id} [${state}]:\nmain.(*T).wait(${words})\n\t/src/wait.go:12 +0x2a\nmain.run(0x1, ${words})\n\t/src/run.go:7 +0x1\ncreated by main.start in goroutine ${id + 7}\n\t/src/main.go:9 +0x1\n\n`;
const main = 'goroutine 1 [running]:\nmain.main()\n\t/src/main.go:5 +0x2\n\n';
const small = `${main}${[2, 3, 400, 5].map((id) => stack(id, `0xc00${id}`)).join('')}${stack(6, '{0x1, 0x2?}, ...', 'IO wait, 3 minutes')}`;

describe('a dump whose goroutines are compared with the stacks that came before', () => {
  test('is read as it is line by line: captured ones', () => {
    for (const name of ['stop-leak-t0', 'stop-leak-t1', 'stop-leak-t2']) {
      const whole = recording(`${name}.dockerd.debug2.txt`);
      expect(expectSame([whole])).toBeGreaterThan(10);
    }
    for (const name of ['containerd-hang-t2.containerd.debug2.txt', 'containerd-hang-t2.shim.log']) {
      expectSame([recording(name)]);
    }
  });

  test('is compared, for the most part', () => {
    // The first stack behind goroutine 1, which has no creator, ends that one: it is not learned.
    expect(expectSame([bytesOf(small)])).toBe(3);
    expect(expectSame([bytesOf(`${small}${small.slice(main.length)}`)])).toBe(8);
  });

  test('is the same cut at every place, and a byte at a time', () => {
    const bytes = bytesOf(small);
    const whole = read([bytes], false);
    for (let at = 0; at <= bytes.length; at++) {
      expectSame([bytes.subarray(0, at), bytes.subarray(at)], whole);
    }
    expectSame(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      whole,
    );
  });

  test('is the same where it breaks off, anywhere', () => {
    const bytes = bytesOf(small);
    for (let end = 0; end < bytes.length; end++) expectSame([bytes.subarray(0, end)]);
  });

  test('is the same with one byte of it changed, anywhere', () => {
    const bytes = bytesOf(`${main}${[2, 3, 4].map((id) => stack(id, '0xc0de', 'IO wait, 3 minutes')).join('')}`);
    for (const value of ['\n', '(', ')', '\0', ',']) {
      for (let at = main.length; at < bytes.length; at++) {
        const damaged = Buffer.from(bytes);
        damaged.write(value, at, 'latin1');
        expectSame([damaged]);
      }
    }
    for (let at = main.length; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = 0xe2;
      expectSame([damaged.subarray(0, at + 1), damaged.subarray(at + 1)]);
    }
  });

  test('is the same whatever stacks come again, in any chunks', () => {
    let [runs, repeats] = [0, 0];
    fc.assert(
      fc.property(repeated, fc.array(fc.nat(), { maxLength: 6 }), (text, places) => {
        runs++;
        repeats += expectSame(cutAt(bytesOf(text), places));
      }),
      { numRuns: 300 },
    );
    expect(repeats).toBeGreaterThan(runs * 1.5);
  });

  test('is the same after all that happens to dumps', () => {
    fc.assert(
      fc.property(
        repeated,
        fc.constantFrom(...Object.values(manglings)),
        fc.array(fc.nat(), { maxLength: 3 }),
        (text, mangle, places) => {
          const bytes = bytesOf(mangle(text));
          if (bytes.length < 64 * 1024) expectSame(cutAt(bytes, places));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is the same in any damage', () => {
    const noise = fc.string({ unit: anyCharacter, maxLength: 40 });
    const damaged = fc
      .tuple(repeated, fc.array(fc.tuple(fc.nat(), fc.nat(20), noise), { maxLength: 5 }))
      .map(([text, damages]) =>
        damages.reduce((now, [place, length, insert]) => {
          const at = place % (now.length + 1);
          return now.slice(0, at) + insert + now.slice(at + length);
        }, text),
      );
    fc.assert(
      fc.property(fc.oneof(damaged, anyText([small])), fc.array(fc.nat(), { maxLength: 3 }), (text, places) => {
        expectSame(cutAt(bytesOf(text), places));
      }),
      { numRuns: 500 },
    );
  });

  test('is the same with more stacks and states than are remembered', () => {
    const many = Array.from({ length: 6000 }, (_, i) => stack(i + 2, `0x${i}`).replace('main.run', `main.run${i}`));
    const states = Array.from({ length: 300 }, (_, i) => stack(i + 2, '0x1', `state ${i}`));
    expectSame([bytesOf([main, ...many, ...many.slice(5900), ...states, ...states].join(''))]);
  });

  test('is the same with goroutines that are longer than a chunk may be', () => {
    const long = `main.f(${'0x1, '.repeat(2000)})\n\t/src/f.go:1 +0x1\n`;
    const block = (id: number): string =>
      `goroutine ${id} [select]:\n${long.repeat(40)}created by main.start\n\t/src/main.go:9 +0x1\n\n`;
    const bytes = bytesOf(`${small}${block(7)}${stack(8, '0x2')}${block(9)}${stack(10, '0x3')}`);
    expectSame([bytes]);
    expectSame(cutAt(bytes, [300_000, 500_000, 700_000]));
  });
});

describe('who holds a lock', () => {
  const waiter = (id: number, lock: string, owner: string): string =>
    `goroutine ${id} [sync.Mutex.Lock, ${id % 9} minutes]:\ninternal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/go/sema.go:95 +0x1\ninternal/sync.(*Mutex).lockSlow(${lock})\n\t/go/mutex.go:149 +0x1\nsync.(*Mutex).Lock(...)\n\t/go/mutex.go:46\ngithub.com/x/y.(*Store).Get(${owner}, 0x2)\n\t/y/store.go:40 +0x1\ncreated by main.serve in goroutine 1\n\t/main.go:2 +0x1\n\n`;
  const holder = (id: number, owner: string): string =>
    `goroutine ${id} [chan receive, 9 minutes]:\ngithub.com/x/y.(*Store).flush(${owner})\n\t/y/store.go:80 +0x1\ngithub.com/x/y.(*Store).Get(${owner}, 0x7)\n\t/y/store.go:44 +0x1\ncreated by main.serve in goroutine 1\n\t/main.go:2 +0x1\n\n`;

  test('is found among goroutines that were compared', () => {
    const locks = ['0xc000100008', '0xc000200008'];
    const text = [
      main,
      ...Array.from({ length: 900 }, (_, i) =>
        waiter(i + 10, locks[i % 2] ?? '', i % 2 === 0 ? '0xc000100000' : '0xc000200000'),
      ),
      ...Array.from({ length: 400 }, (_, i) => holder(2000 + i, `0xc0009${i.toString(16).padStart(3, '0')}00`)),
      holder(3000, '0xc000200000'),
      ...Array.from({ length: 50 }, (_, i) => waiter(i + 4000, '0xc000300008', '0xc000300000')),
    ].join('');
    const bytes = bytesOf(text);
    const whole = read([bytes], false);
    expect(whole.report.locks.map(({ address, waiters }) => [address, waiters])).toEqual([
      ['0xc000200008', 450],
      ['0xc000100008', 450],
      ['0xc000300008', 50],
    ]);
    expect(expectSame([bytes], whole)).toBeGreaterThan(1300);
  });
});
