import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Debug2Parser } from '../../../../src/parse/go/goroutines/debug2.ts';
import { detectForm } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';
import { madeDump, manglings } from './manglings.ts';
import { recording } from './recordings.ts';

function parse(...chunks: string[]): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const parser = new Debug2Parser((goroutine) => goroutines.push(goroutine));
  for (const chunk of chunks) parser.feed(chunk);
  return { goroutines, end: parser.end() };
}

/** All that groups are made of. */
const contentOf = ({ goroutines }: { goroutines: readonly Goroutine[] }): unknown =>
  goroutines.map(({ id, state, waitMinutes, createdBy, frames }) => [id, state, waitMinutes, createdBy, frames]);

describe('a dump has the same goroutines', () => {
  test.each(Object.keys(manglings))('pasted with %s', (name) => {
    const mangle = manglings[name] ?? ((text: string) => text);
    fc.assert(
      fc.property(madeDump, fc.nat(60), (dump, size) => {
        const text = mangle(dump);
        const whole = parse(text);
        expect(contentOf(whole)).toEqual(contentOf(parse(dump)));
        expect(whole.end).toMatchObject({ total: whole.goroutines.length, partial: false });
        expect(detectForm(new TextEncoder().encode(text))).toBe('debug2');
        const pieces = text.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [];
        expect(parse(...pieces)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['stop-leak-t0.dockerd', 'containerd-hang-t1.containerd'])(
    'of a real %s, however it was pasted',
    (name) => {
      const dump = recording(`${name}.debug2.txt`).toString();
      const plain = parse(dump);
      for (const [how, mangle] of Object.entries(manglings)) {
        const pasted = parse(mangle(dump));
        expect([how, contentOf(pasted)]).toEqual([how, contentOf(plain)]);
      }
    },
  );
});

describe('the last words of a program are read', () => {
  const stack = ['goroutine 9 [running]:', 'main.f(0x1)', '\t/src/x.go:7 +0x2a'];
  const behind = (prefix: string, words: string): string =>
    [words, ...stack].map((line) => `${prefix}${line}\n`).join('');

  test.each([
    // https://github.com/moby/buildkit/issues/2111
    ['a pod and a container', 'runner-qb6nwxz-project-15049077 svc-0 '],
    // https://github.com/moby/moby/issues/37603
    ['LinuxKit', '2018-08-07T00:23:44Z docker-ce '],
    // https://github.com/docker/for-win/issues/12788
    ['a time in brackets', '[2023-05-04T15:19:19.576671500Z] '],
  ])('behind %s, as the dump is', (_, prefix) => {
    expect(parse(behind(prefix, 'fatal error: fault')).end).toMatchObject({ total: 1, abort: 'fatal error: fault' });
  });

  test('in JSON, as the dump is', () => {
    const lines = ['panic: index out of range', ...stack].map((message) => JSON.stringify({ message, timestamp: 1 }));
    expect(parse(`${lines.join('\n')}\n`).end).toMatchObject({ total: 1, abort: 'panic: index out of range' });
  });

  // https://github.com/containers/podman/issues/8221
  test('behind the key that asked for them, as a terminal shows it', () => {
    expect(parse(`^\\SIGQUIT: quit\nPC=0x471b01 m=0 sigcode=128\n\n${stack.join('\n')}\n`).end).toMatchObject({
      total: 1,
      abort: 'SIGQUIT: quit',
    });
  });

  // https://github.com/containerd/containerd/issues/8390
  test('among the frames, where a viewer has moved them', () => {
    const { goroutines, end } = parse(
      'goroutine 9 [running]:\n    panic: send on closed channel\n    main.f(0x1)\n    \t/src/x.go:7 +0x2a\n',
    );
    expect(end.abort).toBe('panic: send on closed channel');
    expect(goroutines[0]?.frames).toMatchObject([{ func: 'main.f', line: 7 }]);
  });

  // https://github.com/moby/moby/issues/36980
  test('in the message of another program, quoted twice', () => {
    const words = 'runtime/cgo: pthread_create failed: Resource temporarily unavailable';
    const inner = JSON.stringify(`${words}\nSIGABRT: abort\nPC=0x7f m=4\n\n${stack.join('\n')}\n`);
    const line = `dockerd[1836]: time="2018-05-02T09:53:05Z" level=error msg=${JSON.stringify(`collecting stats: exit status 2: ${inner}`)}\n`;
    expect(parse(line).end).toMatchObject({ total: 1, abort: words });
  });

  // https://github.com/coreos/coreos-overlay/pull/3477
  test('in a message that has the stack of the runtime and no goroutine', () => {
    const said = JSON.stringify(
      'stderr: fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw(0x1, 0x16)\n\t/x.go:6',
    );
    const line = `docker: Error response from daemon: error running hook: ${JSON.stringify(said)}: unknown.\n`;
    expect(detectForm(new TextEncoder().encode(line))).toBe('debug2');
    expect(parse(line).end).toMatchObject({ total: 0, abort: 'fatal error: runtime: out of memory' });
  });

  test('not of a message that only mentions a panic beside a dump that was asked for', () => {
    const dump = JSON.stringify(
      `=== BEGIN goroutine stack dump ===\n${stack.join('\n')}\n=== END goroutine stack dump ===`,
    );
    expect(parse(`time="x" level=info msg=${dump} note="no panic"\n`).end.abort).toBeUndefined();
  });

  test('of what ended it, not of a request that panicked before', () => {
    const text = `http: panic serving @: x\n${stack.join('\n')}\n\nfatal error: y\n${stack.join('\n')}\n`;
    expect(parse(text).end.abort).toBe('fatal error: y');
  });

  test('and not what a log says of another program', () => {
    const said = 'node-7 the runtime said panic: x\n2018-08-07T00:23:44Z docker-ce ';
    expect(parse(`${said}${stack.join('\n2018-08-07T00:23:44Z docker-ce ')}\n`).end.abort).toBeUndefined();
  });
});

describe('what is lost is said', () => {
  const cut = (dump: string, columns: number): string =>
    dump
      .split('\n')
      .map((line) =>
        `May 25 21:17:40 node1 docker[3386]: ${line.replace('\t', '        ')}`.slice(0, columns).trimEnd(),
      )
      .join('\n');

  test('of lines that are cut, and every goroutine counts', () => {
    fc.assert(
      fc.property(madeDump, fc.integer({ min: 80, max: 110 }), (dump, columns) => {
        const text = cut(dump, columns);
        const plain = parse(dump);
        const { goroutines, end } = parse(text);
        expect(goroutines.map(({ id, frames }) => [id, frames.length])).toEqual(
          plain.goroutines.map(({ id, frames }) => [id, frames.length]),
        );
        const places = goroutines.flatMap(({ frames }) => frames).filter(({ line }) => line === null).length;
        expect(end.partial).toBe(end.error !== null);
        if (places > 0) expect(end.partial).toBe(true);
        if (places > 1) expect(end.error).toContain(`places are missing in ${places} of `);
      }),
    );
  });

  test('of a name that is cut, which is not taken for a whole one', () => {
    const { goroutines } = parse(
      'goroutine 1 [select]:\ngithub.com/docker/docker/daemon.(*Daemon).Kil\n\t/x.go:1 +0x1\nmain.main()\n\t/y.go:2 +0x3\n',
    );
    expect(goroutines[0]?.frames.map(({ func }) => func)).toEqual([
      'github.com/docker/docker/daemon.(*Daemon).Kil…',
      'main.main',
    ]);
  });

  test('of arguments that are cut: the whole words stay', () => {
    const { goroutines, end } = parse(
      'goroutine 1 [select]:\nmain.f(0xc000055b00, 0xc0000\n\t/x.go:1 +0x1\nmain.main()\n\t/y.go:2 +0x3\n',
    );
    expect(goroutines[0]?.frames[0]).toMatchObject({ func: 'main.f', args: '0xc000055b00, ...', line: 1 });
    expect(end).toMatchObject({ partial: true, error: 'line 3: the function has no end' });
  });

  test('of places that were left out, with the number of frames', () => {
    const { end } = parse('goroutine 1 [select]:\nmain.f(0x1)\nmain.g(0x1)\nmain.main()\n\t/y.go:2 +0x3\n\n');
    expect(end.error).toBe('places are missing in 2 of 3 frames; first at line 3: a function has no place');
  });
});

describe('lines that a terminal has wrapped', () => {
  const wrap = (dump: string, columns: number): string =>
    dump
      .replaceAll('\t', '        ')
      .split('\n')
      .flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''])
      .join('\n');

  // https://github.com/moby/moby/issues/42316
  const panic = `goroutine 840293412 [running]:
github.com/docker/docker/vendor/github.com/fluent/fluent-logger-golang/fluent.(*Fluent).appendBuffer(0xc0043a11e0, 0xc0084da1e0, 0xc0084da180, 0xc0084da1b0)
\t/builddir/build/BUILD/docker-19.03.6ce-4.58.amzn1/src/github.com/docker/docker/vendor/github.com/fluent/fluent-logger-golang/fluent/fluent.go:306 +0x4c
github.com/docker/docker/vendor/github.com/fluent/fluent-logger-golang/fluent.(*Fluent).EncodeAndPostData(0xc0043a11e0, 0xc00ab8fa80, 0x1d)
\t/builddir/build/BUILD/docker-19.03.6ce-4.58.amzn1/src/github.com/docker/docker/vendor/github.com/fluent/fluent-logger-golang/fluent/fluent.go:210 +0x159
created by main.f
\t/x.go:1 +0x1
`;

  test.each([80, 90, 100, 110, 117, 118, 130])('at %i columns', (columns) => {
    const { goroutines, end } = parse(wrap(panic, columns));
    expect(goroutines).toEqual(parse(panic).goroutines);
    expect(end.partial).toBe(false);
  });

  test('are not made of lines that it has cut', () => {
    const cut = panic
      .replaceAll('\t', '        ')
      .split('\n')
      .map((line) => line.slice(0, 100))
      .join('\n');
    const { goroutines, end } = parse(cut);
    expect(goroutines[0]?.frames.map(({ func, line }) => [func.split('.').at(-1), line])).toEqual([
      ['appendBuffer…', null],
      ['EncodeAndPos…', null],
    ]);
    expect(end.error).toContain('places are missing in 2 of 2 frames');
  });
});

test('a remark behind a function is none of its arguments', () => {
  const { goroutines, end } = parse(
    'goroutine 1 [select]:\nmain.f(0xc000055b00) --> needs the read lock\n\t/x.go:1 +0x1\nmain.main() <======\n\t/y.go:2 +0x3\n\n',
  );
  expect(goroutines[0]?.frames.map(({ func, args }) => [func, args])).toEqual([
    ['main.f', '0xc000055b00'],
    ['main.main', ''],
  ]);
  expect(end.partial).toBe(false);
});

test('text that speaks of goroutines is no dump', () => {
  for (const text of [
    'we saw goroutine 5 [select] there\n',
    'a leak of goroutine 5\n',
    'see the goroutine [running] state:\n',
  ]) {
    expect(parse(text).goroutines).toEqual([]);
  }
});

// A blog of 2026 shows a dockerd that waits for firewalld like this.
test('a stack of names alone is read, and that all places are missing is said', () => {
  const names = [
    'github.com/godbus/dbus.(*Object).Call',
    'github.com/docker/docker/libnetwork/iptables.FirewalldInit',
    'net/http.HandlerFunc.ServeHTTP',
    'main.(*DaemonCli).start',
  ];
  const { goroutines, end } = parse(['goroutine 1 [chan receive, 16 minutes]:', ...names, ''].join('\n'));
  expect(goroutines.map(({ frames }) => frames.map(({ func }) => func))).toEqual([names]);
  expect(end).toMatchObject({ total: 1, partial: true });
});

test('words and files around a stack are no functions', () => {
  const stack = 'goroutine 1 [select]:\nmain.main()\n\t/src/x.go:1 +0x2\n';
  const after = ['see pkg/daemon/start.go', 'pkg/daemon/start.go', 'https://example.org/a.b', 'e.g.', 'thanks.'];
  expect(parse(stack + after.join('\n')).goroutines.map(({ frames }) => frames.length)).toEqual([1]);
});

test('the colours of a terminal are no part of a dump', () => {
  const { goroutines, end } = parse(
    '\u001b[31mSIGQUIT: quit\u001b[0m\n\n\u001b[32mgoroutine 1 [select, 37 minutes]:\u001b[0m\nmain.main()\n\t/x.go:1 +0x1\n\n\u001b[1;32mgoroutine 7 [IO wait]:\u001b[0m\n\u001b[36mmain.f\u001b[0m(0x1)\n\t/y.go:2 +0x1\n',
  );
  expect(goroutines.map(({ id, state, frames }) => [id, state, frames[0]?.func])).toEqual([
    [1, 'select', 'main.main'],
    [7, 'IO wait', 'main.f'],
  ]);
  expect(end).toMatchObject({ abort: 'SIGQUIT: quit', total: 2 });
});

// https://github.com/moby/moby/issues/24521
test('of the end of a program of which only the stack of the runtime was pasted, the reason is read', () => {
  const text =
    'DEBU[0013] event unhandled\nfatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw(0x1f3ebf0, 0x16)\n\t/x/panic.go:547 +0x90\n';
  expect(parse(text)).toMatchObject({
    goroutines: [],
    end: { abort: 'fatal error: runtime: out of memory', partial: true, total: 0 },
  });
});

describe('an escaped dump whose line the journal cut', () => {
  const headOf = (second: number): string => `Jul 08 11:45:4${second} node docker[24486]: `;
  const first = String.raw`${headOf(6)}time="2016-07-08T11:45:46" level=info msg="=== BEGIN goroutine stack dump ===\ngoroutine 1 [select]:\nmain.main()\n\t/src/external`;
  const second = String.raw`key_unix.go:128 +0x52\n\ngoroutine 33 [IO wait]:\nmain.f()\n\t/y.go:2 +0x1\ncreated by main.main\n\t/z.go:3 +0x4\n=== END goroutine stack dump ==="`;
  const other = `${headOf(7)}time="2016-07-08T11:45:47" level=info msg="Daemon shutdown complete"`;

  // https://github.com/containerd/containerd/pull/285
  test('goes on in the next line of that program, within a word', () => {
    const { goroutines, end } = parse(`${first}\n${headOf(6)}${second}\n${other}\n`);
    expect(goroutines.map(({ id, frames }) => [id, frames[0]?.file, frames[0]?.line])).toEqual([
      [1, '/src/externalkey_unix.go', 128],
      [33, '/y.go', 2],
    ]);
    expect(end.partial).toBe(false);
  });

  test('may be cut more than once', () => {
    const { goroutines, end } = parse(
      `${first}\n${headOf(6)}${second.slice(0, 60)}\n${headOf(7)}${second.slice(60)}\n${other}\n`,
    );
    expect(goroutines.map(({ id }) => id)).toEqual([1, 33]);
    expect(end.partial).toBe(false);
  });

  test('ends there if another message follows, and says so', () => {
    for (const rest of [`${other}\n`, '', 'Jul 08 11:45:46 node kernel: x\n']) {
      const { goroutines, end } = parse(`${first}\n${rest}`);
      expect(goroutines.map(({ id }) => id)).toEqual([1]);
      expect(end).toMatchObject({ partial: true });
    }
  });
});
