import fc from 'fast-check';
import { Function as Func, Line, Location, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { Debug1Parser } from '../../../../src/parse/go/goroutines/debug1.ts';
import { parseGoroutineProto } from '../../../../src/parse/go/goroutines/proto.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';
import { leavesOf, recording, stacksWith } from './recordings.ts';

function parse(bytes: Uint8Array): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const end = parseGoroutineProto(bytes, (goroutine) => goroutines.push(goroutine));
  return { goroutines, end };
}

/** A profile of stacks, of which each location holds functions inlined into one another, the innermost first. */
function encode(
  type: string,
  stacks: readonly { count: number | bigint; locations: readonly string[][] }[],
): Uint8Array {
  const stringTable = new StringTable();
  const functions: Func[] = [];
  const locations: Location[] = [];
  const sample = stacks.map(({ count, locations: names }) => {
    const locationId = names.map((inlined) => {
      const line = inlined.map((name, i) => {
        const id = functions.length + 1;
        functions.push(new Func({ id, name: stringTable.dedup(name), filename: stringTable.dedup(`${name}.go`) }));
        return new Line({ functionId: id, line: i + 1 });
      });
      locations.push(new Location({ id: locations.length + 1, address: 0x7f00_0000_1234n, line }));
      return locations.length;
    });
    return new Sample({ locationId, value: [count] });
  });
  const sampleType = [new ValueType({ type: stringTable.dedup(type), unit: stringTable.dedup('count') })];
  return new Profile({ sampleType, sample, location: locations, function: functions, stringTable }).encode();
}

describe('a binary profile', () => {
  test('shows how many have which stack, inlined functions before those that hold them', () => {
    const { goroutines, end } = parse(
      encode('goroutine', [{ count: 7, locations: [['main.a', 'main.b'], ['main.c'], []] }]),
    );
    expect(end).toEqual({ form: 'proto', total: 7, partial: false, error: null });
    expect(goroutines).toEqual([
      {
        id: null,
        count: 7,
        state: null,
        waitMinutes: null,
        lockedToThread: false,
        frames: [
          { func: 'main.a', file: 'main.a.go', line: 1, args: null },
          { func: 'main.b', file: 'main.b.go', line: 2, args: null },
          { func: 'main.c', file: 'main.c.go', line: 1, args: null },
          { func: '0x7f0000001234', file: null, line: null, args: null },
        ],
        elided: false,
        createdBy: null,
      },
    ]);
  });

  test('hides the functions of the runtime that the texts hide', () => {
    const names = (...stack: string[]): unknown =>
      parse(encode('goroutine', [{ count: 1, locations: stack.map((name) => [name]) }])).goroutines[0]?.frames.map(
        ({ func }) => func,
      );
    expect(names('runtime.gopark', 'runtime.selectgo', 'main.a', 'runtime.main', 'runtime.goexit')).toEqual([
      'main.a',
      'runtime.main',
    ]);
    expect(names('runtime.gopark', 'runtime.bgsweep', 'runtime.goexit')).toEqual(['runtime.gopark', 'runtime.bgsweep']);
    expect(names('runtime/pprof.a', 'main.b')).toEqual(['runtime/pprof.a', 'main.b']);
    expect(names('runtime.goexit')).toEqual([]);
  });

  test('bears counts that are none, and counts of more than 32 bits', () => {
    const stack = { locations: [['main.a']] };
    expect(parse(encode('goroutine', [{ count: 2n ** 33n, ...stack }])).end.total).toBe(2 ** 33);
    expect(
      parse(
        encode('goroutine', [
          { count: -1n, ...stack },
          { count: 3, ...stack },
        ]),
      ),
    ).toMatchObject({
      goroutines: [{ count: 3 }],
      end: { total: 3, partial: true, error: 'a stack of -1 goroutines' },
    });
  });

  test('of something else is refused', () => {
    expect(() => parse(encode('threadcreate', []))).toThrow('a profile of threadcreate/count, not of goroutines');
    expect(() => parse(recording('stop-leak-t2.dockerd.heap.pb'))).toThrow('not of goroutines');
    expect(() => parse(new Uint8Array())).toThrow('not a pprof profile');
    expect(() => parse(new TextEncoder().encode('goroutine profile: total 3\n'))).toThrow('byte 0: ');
  });

  test('with a number of a million bytes is refused at once', () => {
    const bytes = new Uint8Array(1_000_000).fill(0xff);
    bytes.set([0x60]);
    expect(() => parse(bytes)).toThrow('byte 1: a varint of more than 64 bits');
  });

  test('that names what is not there is partial', () => {
    const whole = encode('goroutine', [{ count: 7, locations: [['main.a']] }]);
    const { location: _, ...rest } = Profile.decode(whole);
    expect(parse(new Profile(rest).encode())).toMatchObject({
      goroutines: [{ count: 7, frames: [] }],
      end: { partial: true, error: 'a sample names location 1, which is missing' },
    });
  });
});

describe('a real binary profile', () => {
  test.each([
    ['stop-leak-t0.dockerd', 59, 0],
    ['stop-leak-t1.dockerd', 297, 120],
    ['stop-leak-t2.dockerd', 3097, 1520],
    ['containerd-hang-t1.containerd', 119, 0],
  ])('%s has the leaves of the text that was taken with it', (name, total, stuck) => {
    const { goroutines, end } = parse(recording(`${name}.pb`));
    expect(end).toEqual({ form: 'proto', total, partial: false, error: null });
    expect(stacksWith(goroutines, '.Kill', '.containerStop', '.ContainerStop')).toBe(stuck);
    const text: Goroutine[] = [];
    const parser = new Debug1Parser((goroutine) => text.push(goroutine));
    parser.feed(recording(`${name}.debug1.txt`).toString());
    parser.end();
    expect(leavesOf(goroutines)).toEqual(leavesOf(text));
  });

  test('has its total where the text that was taken a moment later has other leaves', () => {
    const { end } = parse(recording('containerd-hang-t2.containerd.pb'));
    expect(end).toEqual({ form: 'proto', total: 116, partial: false, error: null });
  });

  const real = recording('stop-leak-t1.dockerd.pb');

  const bear = (bytes: Uint8Array): void => {
    try {
      const { goroutines, end } = parse(bytes);
      expect(end.partial).toBe(end.error !== null);
      expect(goroutines.reduce((sum, { count }) => sum + count, 0)).toBe(end.total);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      for (const crash of [TypeError, RangeError, ReferenceError]) expect(error).not.toBeInstanceOf(crash);
    }
  };

  test('gives stacks and an end, or an error, wherever bytes are others', () => {
    const change = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const damaged = Uint8Array.from(real);
        for (const [at, byte] of changes) damaged[at] = byte;
        bear(damaged);
      }),
      { numRuns: 500 },
    );
  });

  test('gives stacks and an end, or an error, wherever it is cut', () => {
    for (let at = 0; at < real.length; at += 13) bear(real.subarray(0, at));
    const { goroutines, end } = parse(real.subarray(0, real.length - 5));
    expect(end).toMatchObject({ total: 297, partial: true });
    expect(end.error).toMatch(/^byte \d+: a truncated field, \d+ of \d+ bytes$/);
    expect(goroutines[0]?.frames.length).toBeGreaterThan(0);
  });

  test('bears any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bear), { numRuns: 2000 });
    for (const key of [0x0a, 0x12, 0x22, 0x2a, 0x32, 0x60, 0x6a]) {
      bear(new Uint8Array(200_000).fill(key));
      bear(new Uint8Array(200_000).fill(0x80).with(0, key));
      bear(Uint8Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? key : 0)));
    }
  });
});
