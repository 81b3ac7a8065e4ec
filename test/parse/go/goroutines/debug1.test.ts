import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Debug1Parser } from '../../../../src/parse/go/goroutines/debug1.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';
import { leavesOf, recording, stacksWith } from './recordings.ts';

function parse(...chunks: string[]): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const parser = new Debug1Parser((goroutine) => goroutines.push(goroutine));
  for (const chunk of chunks) parser.feed(chunk);
  return { goroutines, end: parser.end() };
}

const profile = `goroutine profile: total 15
12 @ 0xee4e56 0xedd897
#	0xf11328	internal/poll.runtime_pollWait+0x88			runtime/netpoll.go:305
#	0x136041d	github.com/containerd/fifo.(*fifo).Read+0x17d		/src/my fifo/fifo.go:159

2 @ 0xee4e56
# labels: {"key":"value"}
#	0x7f01
#	0xf99a95	os.(*File).Read+0x55	os/file.go:119

1 @ 0xcd1381

`;

describe('a profile of debug=1', () => {
  test('may have the colours of a terminal', () => {
    const coloured = profile
      .replace('goroutine profile: total 15', '\u001b[1mgoroutine profile: total 15\u001b[0m')
      .replace('12 @ 0xee4e56 0xedd897', '\u001b[33m12 @ 0xee4e56 0xedd897\u001b[0m')
      .replaceAll('#\t0xf', '#\t\u001b[36m0xf');
    expect(parse(coloured)).toEqual(parse(profile));
  });

  test('shows how many have which stack, and nothing else', () => {
    const { goroutines, end } = parse(profile);
    expect(end).toEqual({ form: 'debug1', total: 15, partial: false, error: null });
    expect(goroutines[0]).toEqual({
      id: null,
      count: 12,
      state: null,
      waitMinutes: null,
      lockedToThread: false,
      frames: [
        { func: 'internal/poll.runtime_pollWait', file: 'runtime/netpoll.go', line: 305, args: null },
        { func: 'github.com/containerd/fifo.(*fifo).Read', file: '/src/my fifo/fifo.go', line: 159, args: null },
      ],
      elided: false,
      createdBy: null,
    });
  });

  test('may have labels, frames without a symbol, and stacks without a frame', () => {
    const { goroutines } = parse(profile);
    expect(goroutines.map(({ count, frames }) => [count, ...frames.map(({ func, line }) => [func, line])])).toEqual([
      [12, expect.anything(), expect.anything()],
      [2, ['0x7f01', null], ['os.(*File).Read', 119]],
      [1],
    ]);
  });

  test('may be one of leaked goroutines, and have ends of lines as Windows has them', () => {
    expect(parse(profile.replace('goroutine ', 'goroutineleak ')).end.error).toBeNull();
    expect(parse(profile.replaceAll('\n', '\r\n'))).toEqual(parse(profile));
  });

  test('may be pasted with an indentation, and with spaces for its tabs', () => {
    const pasted = profile.replace('/my fifo/', '/fifo/');
    const spaces = pasted.replace(/^/gm, '    ').replaceAll(/\t+/g, '      ');
    expect(parse(spaces)).toEqual(parse(pasted));
  });

  test('that is cut is partial, with the line where it breaks off or the number that is missing', () => {
    expect(parse(profile.slice(0, profile.indexOf('/netpoll')))).toMatchObject({
      goroutines: [{ count: 12, frames: [] }],
      end: { total: 15, partial: true, error: 'line 3: has no end: the profile breaks off there' },
    });
    expect(parse(profile.slice(0, profile.indexOf('\n2 @') + 1)).end).toMatchObject({
      total: 15,
      error: 'line 1 declares 15 goroutines, but 12 are there',
    });
  });

  test('names the line that is damaged', () => {
    expect(parse(profile.replace('\n2 @', '\nx @')).end.error).toBe('line 6: neither a stack nor a frame');
    expect(parse(profile.replace('netpoll.go:305', 'netpoll.go')).end.error).toBe('line 3: not a frame');
    expect(parse(profile, 'x'.repeat(70_000)).end.error).toBe('line 13: longer than 65536 characters');
  });

  test('is distinguished from a foreign file', () => {
    expect(parse('<html>\n').end).toMatchObject({
      total: 0,
      partial: true,
      error: 'no "goroutine profile: total" in 1 lines',
    });
  });
});

/** What grep and awk would count: the function of the line after each stack. */
function leavesByLines(text: string): Record<string, number> {
  const leaves: Record<string, number> = {};
  for (const [, count, func = ''] of text.matchAll(/^(\d+) @.*\n(?:# labels.*\n)?(?:#\t0x\w+\t([^\t+]+).*)?$/gm)) {
    leaves[func] = (leaves[func] ?? 0) + Number(count);
  }
  return leaves;
}

describe('a real profile of debug=1', () => {
  test.each([
    ['stop-leak-t0.dockerd', 59, 0],
    ['stop-leak-t1.dockerd', 297, 120],
    ['stop-leak-t2.dockerd', 3097, 1520],
    ['containerd-hang-t1.containerd', 119, 0],
    ['containerd-hang-t2.containerd', 116, 0],
  ])('%s has the leaves that a search in its text counts', (name, total, stuck) => {
    const text = recording(`${name}.debug1.txt`).toString();
    const { goroutines, end } = parse(text);
    expect(end).toEqual({ form: 'debug1', total, partial: false, error: null });
    expect(leavesOf(goroutines)).toEqual(leavesByLines(text));
    expect(goroutines.flatMap(({ frames }) => frames)).toHaveLength(text.match(/^#\t/gm)?.length ?? -1);
    expect(stacksWith(goroutines, '.Kill', '.containerStop', '.ContainerStop')).toBe(stuck);
  });

  const real = recording('stop-leak-t0.dockerd.debug1.txt').toString();

  test('gives the same stacks however it is cut into chunks', () => {
    const whole = parse(real);
    fc.assert(
      fc.property(fc.array(fc.nat(real.length), { maxLength: 30 }), (places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), real.length];
        expect(parse(...cuts.slice(1).map((end, i) => real.slice(cuts[i], end)))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
    expect(parse(...real)).toEqual(whole);
  });

  test('gives stacks and an end wherever it is cut, or a character is another one', () => {
    const lastGroup = real.lastIndexOf('\n1 @ ');
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.nat(255), fc.boolean(), (at, code, cut) => {
        const { end } = parse(real.slice(0, at) + (cut ? '' : String.fromCharCode(code) + real.slice(at + 1)));
        expect(end.partial).toBe(end.error !== null);
        // Cut behind a line of the last group, all goroutines are there, and nothing says that frames are missing.
        if (cut && at < lastGroup) expect(end.partial).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

// https://github.com/kubernetes/kubernetes/issues/98044
test('an excerpt without a header is read: a stack that lost its beginning counts once', () => {
  const frames = '#\t0xdb1f3f\tgoogle.golang.org/grpc.invoke+0x15f\tgrpc/call.go:73\n';
  const { goroutines, end } = parse(`$ grep -C 10 relist stacks.txt\n${frames}--\n12 @ 0xee4e56 0xedd897\n${frames}\n`);
  expect(goroutines.map(({ count, frames: [leaf] }) => [count, leaf?.func])).toEqual([
    [1, 'google.golang.org/grpc.invoke'],
    [12, 'google.golang.org/grpc.invoke'],
  ]);
  expect(end).toMatchObject({ total: 13, partial: true });
});

// https://github.com/kubernetes/kubernetes/issues/93007
test('frames may have lost their # in a paste', () => {
  const whole = profile.replace('my fifo', 'fifo');
  const unmarked = whole.replaceAll(/^#\t(?=0x)/gm, '        ').replaceAll(/\t+/g, '        ');
  expect(parse(unmarked)).toEqual(parse(whole));
});

test('any text gives an end', () => expectToBear((text) => parse(text), [profile]));

test('no text takes long', () =>
  expectNoHang((text) => parse(text), [profile, '1 @\n', '#\t0x1\t', '#\t', '1 @ 0x1 ']));
