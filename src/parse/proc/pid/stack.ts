/**
 * The functions of `/proc/PID/stack`, innermost first.
 *
 * A line is `[<0>] percpu_rwsem_wait+0x15f/0x1d0` or, before Linux 4.15, `[<ffffffff81234567>] do_exit+0x…`; older ones
 * end with `[<ffffffffffffffff>] 0xffffffffffffffff`, which is no function.
 */
export function parsePidStack(text: string): string[] {
  return [...text.matchAll(/^\[<[0-9a-f]*>\] ([A-Za-z_][\w.]*)/gm)].map((match) => match[1] ?? '');
}
