import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectForm, openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine, GoroutineForm } from '../../../../src/sample/goroutines.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';
import { recording } from './recordings.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const formOf = (text: string): string | null => detectForm(bytes(text));

describe('the form of a dump', () => {
  test.each([
    ['stop-leak-t0.dockerd.debug1.txt', 'debug1'],
    ['stop-leak-t0.dockerd.debug2.txt', 'debug2'],
    ['stop-leak-t0.dockerd.pb', 'proto'],
    ['containerd-hang-t1.shim.txt', 'debug2'],
    ['containerd-hang-t2.shim.log', 'debug2'],
  ])('is known from the first bytes of %s', (name, form) => {
    const whole = recording(name);
    expect(detectForm(whole)).toBe(form);
    expect(detectForm(whole.subarray(0, 256))).toBe(form);
    expect(detectForm(gzipSync(whole))).toBe('gzip');
  });

  test('is known after lines of a log, within 64 KiB', () => {
    const log = 'time="2026-11-21" level=info msg="goroutine stacks written to /x"\n';
    expect(formOf(`${log.repeat(900)}goroutine 1 [running]:\n`)).toBe('debug2');
    expect(formOf(`${log.repeat(2000)}goroutine 1 [running]:\n`)).toBeNull();
    expect(formOf(`${log}\ngoroutine profile: total 3\n1 @ 0x1\n`)).toBe('debug1');
    expect(formOf(`${log}node dockerd[1]: goroutine 1 gp=0x1 m=nil [select, 2 minutes] {"a": "b"}:\n`)).toBe('debug2');
  });

  test('is known of frames that were cut out of a profile, but not of those of a heap', () => {
    const frame = '#\t0xdb1f3f\tgoogle.golang.org/grpc.invoke+0x15f\tgrpc/call.go:73\n';
    expect(formOf(`$ grep -C 1 invoke x.txt\n${frame}${frame}`)).toBe('debug1');
    expect(formOf(`heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 2 [3: 4] @ 0x1\n${frame}`)).toBeNull();
  });

  test('is known of the stack of the runtime alone, after a fatal error', () => {
    expect(formOf('fatal error: x\n\nruntime stack:\nruntime.throw()\n')).toBe('debug2');
    expect(formOf('node a[1]: fatal error: x\nnode a[1]: runtime stack:\n')).toBe('debug2');
    expect(formOf('runtime stack:\nruntime.throw()\n')).toBeNull();
  });

  test('is known of what go tool pprof printed', () => {
    expect(formOf('Type: goroutine\n      flat  flat%   sum%        cum   cum%\n')).toBe('listing');
  });

  test('is none of what is no dump', () => {
    for (const text of ['', '\n', 'a', '<html>', 'heap profile: 1: 2 [3: 4] @ heap/1048576', 'goroutine 1', '\n\nx'])
      expect(formOf(text)).toBeNull();
    expect(formOf('created by main.f in goroutine 1\n\tx.go:1\n[originating from goroutine 2]:\n')).toBeNull();
  });

  test('is found or not in any text, soon', () => {
    expectToBear(formOf, ['goroutine 1 [running]:\n']);
    expectNoHang(formOf, ['goroutine 1 [', 'goroutine 1 [a] ', 'goroutine ', 'goroutine profile: ', 'goroutine 1 a']);
  });
});

function parse(form: GoroutineForm, chunks: readonly Uint8Array[]): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const parser = openGoroutineParser(form, (goroutine) => goroutines.push(goroutine));
  for (const chunk of chunks) parser.feed(chunk);
  return { goroutines, end: parser.end() };
}

describe('a parser of bytes', () => {
  test.each([
    ['stop-leak-t0.dockerd.debug1.txt', 'debug1'],
    ['stop-leak-t0.dockerd.debug2.txt', 'debug2'],
    ['stop-leak-t0.dockerd.pb', 'proto'],
  ] as const)('reads %s however it is cut into chunks', (name, form) => {
    const whole = recording(name);
    const expected = parse(form, [whole]);
    expect(expected.end).toEqual({ form, total: 59, partial: false, error: null });
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 20 }), (places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), whole.length];
        expect(
          parse(
            form,
            cuts.slice(1).map((end, i) => whole.subarray(cuts[i], end)),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('joins characters that are cut between chunks', () => {
    const text = bytes('goroutine 1 [select]:\nmain.größe()\n\t/ü/€/😀.go:1 +0x1\n');
    const { goroutines, end } = parse(
      'debug2',
      [...text].map((byte) => Uint8Array.of(byte)),
    );
    expect(end.error).toBeNull();
    expect(goroutines[0]?.frames).toEqual([{ func: 'main.größe', args: '', file: '/ü/€/😀.go', line: 1 }]);
  });

  test('keeps its own copy of bytes whose buffer is used again', () => {
    const whole = recording('stop-leak-t0.dockerd.pb');
    const buffer = new Uint8Array(1000);
    const parser = openGoroutineParser('proto', () => {});
    for (let at = 0; at < whole.length; at += 1000) {
      const part = whole.subarray(at, at + 1000);
      buffer.set(part);
      parser.feed(buffer.subarray(0, part.length));
    }
    expect(parser.end().total).toBe(59);
  });

  test('refuses a binary profile of more than 256 MiB before it is in memory', () => {
    const parser = openGoroutineParser('proto', () => {});
    expect(() => parser.feed(new Uint8Array(256 * 1024 * 1024 + 1))).toThrow('a profile of more than 256 MiB');
  });
});
