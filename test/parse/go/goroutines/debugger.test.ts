import { describe, expect, test } from 'vitest';
import { isDebuggerListing } from '../../../../src/parse/go/goroutines/debugger.ts';
import { detectForm, openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import { isReversed } from '../../../../src/parse/go/goroutines/reversed.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';
import { expectNoHang } from '../../any-text.ts';

function parse(text: string): { goroutines: Goroutine[]; end: DumpEnd } {
  const bytes = new TextEncoder().encode(text);
  const form = detectForm(bytes);
  expect(form).toBe('debugger');
  const goroutines: Goroutine[] = [];
  const parser = openGoroutineParser('debugger', (goroutine) => goroutines.push(goroutine));
  parser.feed(bytes);
  return { goroutines, end: parser.end() };
}

const functions = ({ frames }: Goroutine): string[] => frames.map(({ func, line }) => `${func}:${line}`);

describe('what a debugger printed is read', () => {
  // https://blue42.net/code/go-deadlock-debug-delve
  test('of delve, one line each', () => {
    const { goroutines, end } = parse(`(dlv) grs
  Goroutine 1 - User: /usr/local/go/src/net/fd_unix.go:172 net.(*netFD).accept (0x1e8af8) [IO wait 331702849444352]
* Goroutine 2 - User: /src/bbolt@v1.4.0/db.go:811 go.etcd.io/bbolt.(*DB).beginRWTx (0x2d3f1c) (thread 77) [sync.Mutex.Lock 331731240311296]
  Goroutine 3 - Runtime: /usr/local/go/src/runtime/proc.go:382 runtime.gopark (0x102255ab4)
[3 goroutines]
`);
    expect(goroutines.map(({ id, state }) => [id, state])).toEqual([
      [1, 'IO wait'],
      [2, 'sync.Mutex.Lock'],
      [3, null],
    ]);
    expect(goroutines.flatMap(functions)[1]).toBe('go.etcd.io/bbolt.(*DB).beginRWTx:811');
    expect(end).toMatchObject({ total: 3, partial: true });
    expect(end.error).toContain('stacks are not in it');
  });

  // https://github.com/podman-container-tools/podman/issues/10862
  test('of delve, with waits; one that is counted from 1970 is none', () => {
    const { goroutines, end } = parse(`(dlv) grs
  Goroutine 1 - User: /src/server.go:227 api.Serve (0x56034dfc47b4) [chan receive 452566h37m36.137919338s]
  Goroutine 2 - User: /src/a.go:7 main.f (0x56034ccbd9e6) [select 1h2m36.2s]
  Goroutine 3 - User: /src/a.go:9 main.g (0x56034ccbd9e6) [IO wait 36.5ms]
`);
    expect(goroutines.map(({ state, waitMinutes }) => [state, waitMinutes])).toEqual([
      ['chan receive', null],
      ['select', 62],
      ['IO wait', null],
    ]);
    expect(end.error).toBe('printed by a debugger: stacks are not in it');
  });

  test('of delve, with their stacks', () => {
    const { goroutines, end } = parse(`  Goroutine 7 - User: /src/a.go:9 main.wait (0x48f0) [select]
\t 0  0x0000000000436c4f in runtime.gopark
\t    at /usr/local/go/src/runtime/proc.go:302
\t 1  0x0000000000411cb6 in main.wait
\t    at /src/a.go:9
  Goroutine 8 - User: /src/b.go:3 main.other (0x48f1)
\t 0  0x0000000000436c4f in main.other
\t    at /src/b.go:3
`);
    expect(goroutines.map(functions)).toEqual([['runtime.gopark:302', 'main.wait:9'], ['main.other:3']]);
    expect(end).toMatchObject({ total: 2, partial: false });
  });

  // https://github.com/podman-container-tools/podman/issues/3612
  test('of delve, one stack without a title', () => {
    const { goroutines } = parse(`Here is where we are hanging:
 0  0x00000000004c19ba in syscall.Syscall6
    at /usr/lib/go-1.12/src/syscall/asm_linux_amd64.s:53
 1  0x0000000000786841 in os/exec.(*Cmd).Wait
    at /usr/lib/go-1.12/src/os/exec/exec.go:474
`);
    expect(goroutines.map(functions)).toEqual([['syscall.Syscall6:53', 'os/exec.(*Cmd).Wait:474']]);
    expect(goroutines[0]?.id).toBeNull();
  });

  // https://github.com/containerd/containerd/issues/7561
  test('below a title, with the creator', () => {
    const { goroutines, end } = parse(`Goroutine 14
  runtime.chanrecv2 (/usr/local/go/src/runtime/chan.go:444)
  example.org/task.(*service).forward (/src/service.go:607)
  created at: example.org/task.NewTaskService (/src/service.go:88)

Goroutine 15
  main.main (/src/main.go:35)
`);
    expect(goroutines.map(functions)).toEqual([
      ['runtime.chanrecv2:444', 'example.org/task.(*service).forward:607'],
      ['main.main:35'],
    ]);
    expect(goroutines.map(({ createdBy }) => createdBy)).toEqual(['example.org/task.NewTaskService', null]);
    expect(end).toMatchObject({ form: 'listing', total: 2, partial: false });
  });

  // https://github.com/moby/moby/issues/31487
  test('of gdb, wrapped, with the address of the lock', () => {
    const { goroutines } = parse(`goroutine 65650 (pc = 0x4438ea  sp = 0xc4221551a0  g = 0xc420eba340)


(gdb) bt
#0  runtime.gopark (unlockf={void (struct runtime.g *, void *, bool *)} 0xc4221551d0, lock=0x2258660 <runtime.semtable+2688>, reason=..., 
    traceskip=4) at /usr/lib/golang/src/runtime/proc.go:260
#1  0x00000000006a8160 in sync.(*Mutex).Lock (m=0xc420b5a700) at /usr/lib/golang/src/sync/mutex.go:85
#2  0x0000000000577a90 in github.com/docker/docker/daemon.(*Daemon).reducePsContainer (daemon=0xc4204151e0, container=0xc421eafa40, ctx=0xc421db46c0, 
    reducer={void (struct x *)} 0xc422155500)
    at /src/daemon/list.go:193
`);
    expect(goroutines.map(functions)).toEqual([
      [
        'runtime.gopark:260',
        'sync.(*Mutex).Lock:85',
        'github.com/docker/docker/daemon.(*Daemon).reducePsContainer:193',
      ],
    ]);
    expect(goroutines[0]?.frames.map(({ args }) => args)).toEqual([
      '...',
      '0xc420b5a700, ...',
      '0xc4204151e0, 0xc421eafa40, ...',
    ]);
  });
});

test.each([
  ['a stack of C', '#0  0x00007f12 in futex_wait (futex=0x1) at ../nptl/futex.c:146\n#1  main () at x.c:3\n'],
  ['a list with numbers', ' 1  0x7fe8e32eeb18 is the address\n 2  0x7fe8e32eeb19 is another\n'],
  ['a log that mentions goroutines', 'Goroutine 12\nhas ended\nGoroutine 13 - see below\n'],
])('%s is none', (_, text) => expect(isDebuggerListing(text)).toBe(false));

test('no text takes long', () => {
  expectNoHang(isDebuggerListing, [
    'Goroutine 1 - User: ',
    '#0  a (',
    ' 0  0x0000000000436c4f in a\n',
    '(a.',
    'Goroutine 1\n',
  ]);
  expectNoHang(isReversed, ['goroutine 1 [select]:\n', 'a.b(', 'a/b.c(0x1)\n']);
});
