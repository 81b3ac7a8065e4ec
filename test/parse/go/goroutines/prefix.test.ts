import { describe, expect, test } from 'vitest';
import { Debug2Parser } from '../../../../src/parse/go/goroutines/debug2.ts';
import { detectForm } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';

function parse(text: string): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const parser = new Debug2Parser((goroutine) => goroutines.push(goroutine));
  parser.feed(text);
  return { goroutines, end: parser.end() };
}

const reader = [
  'goroutine 242 [syscall, 49327 minutes]:',
  'syscall.read(0xe, 0xc821c42000, 0x8000)',
  '      /usr/local/go/src/syscall/zsyscall_linux_amd64.go:783 +0x5f',
  'created by github.com/docker/docker/libcontainerd.openReaderFromFifo',
  '      /go/src/github.com/docker/docker/libcontainerd/process_linux.go:91 +0x106',
];

describe('a dump is read as public reports have it', () => {
  test.each(['^@', '\0', '\0\0'])('with NUL before each line, as %j', (nul) => {
    const text = `${nul}\n${reader.map((line) => `${nul}${line}\n`).join('')}`;
    expect(detectForm(new TextEncoder().encode(text))).toBe('debug2');
    expect(parse(text).goroutines).toMatchObject([
      { id: 242, waitMinutes: 49_327, frames: [{ func: 'syscall.read' }] },
    ]);
  });

  test.each(['...', '…', 'N', 'XXX', '???'])('with ids that were replaced by %s', (id) => {
    const text = `goroutine ${id} [sync.Mutex.Lock, 5 minutes]:
main.one(...)
    .../x/one.go:299
main.two(...)
    .../x/two.go:263

More of them wait for the same:

goroutine ${id} [select]:
main.three(...)
    .../x/three.go:60
`;
    expect(detectForm(new TextEncoder().encode(text))).toBe('debug2');
    expect(parse(text).goroutines).toMatchObject([
      { id: null, state: 'sync.Mutex.Lock', waitMinutes: 5, frames: [{ func: 'main.one', line: 299 }, {}] },
      { id: null, state: 'select', frames: [{ func: 'main.three' }] },
    ]);
  });

  test('but words about goroutines are no header', () => {
    const text = 'goroutine leak [2 of them]:\ngoroutine Now [x]:\n';
    expect(detectForm(new TextEncoder().encode(text))).toBeNull();
    expect(parse(text).goroutines).toEqual([]);
  });
});

describe('that the program aborted is said', () => {
  // https://github.com/cri-o/cri-o/issues/2205
  test.each(['', '[crio] ', 'web-1  | ', '2024-05-06T07:08:09.123456789Z stderr F ', 'Dec 20 14:34:04 n dockerd[1]: '])(
    'behind %j, with its goroutine',
    (head) => {
      const lines = ['panic: runtime error: x', '', 'goroutine 60 [running]:', 'main.f(0x1)', '\t/go/oci.go:45 +0x22a'];
      const { goroutines, end } = parse(lines.map((line) => `${head}${line}\n`).join(''));
      expect(end.abort).toBe('panic: runtime error: x');
      expect(goroutines).toMatchObject([{ id: 60, frames: [{ func: 'main.f', line: 45 }] }]);
    },
  );

  test('with SIGBUS, which Go writes in the line behind', () => {
    const lines = [
      'unexpected fault address 0x7fc7df806008',
      'fatal error: fault',
      '[signal SIGBUS: bus error code=0x2]',
    ];
    expect(
      parse([...lines, '', 'goroutine 1 [running]:', 'main.main()', '\t/src/x.go:1 +0x2'].join('\n')).end.abort,
    ).toBe('fatal error: fault (SIGBUS)');
    expect(
      parse('panic: x\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\nmain.main()\n').end.abort,
    ).toBe('panic: x');
  });

  test.each(['  ', '`', '> '])('pasted behind %j', (before) => {
    expect(parse(`${before}fatal error: oh\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1\n`).end.abort).toBe(
      'fatal error: oh',
    );
  });

  const prefix = 'Sep  8 19:08:22 node1 docker: ';
  test('also behind a prefix', () => {
    const text = `${['fatal error: unexpected signal', '', ...reader].map((line) => `${prefix}${line}`).join('\n')}\n`;
    expect(parse(text).end.abort).toBe('fatal error: unexpected signal');
  });

  test('not of a line that quotes such words', () => {
    const quoted = `${prefix}time="x" level=error msg="copy: fatal error: y"`;
    const text = `${[quoted, ...reader.map((line) => `${prefix}${line}`)].join('\n')}\n`;
    expect(parse(text).end.abort).toBeUndefined();
  });
});
