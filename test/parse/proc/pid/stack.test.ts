import { expect, test } from 'vitest';
import { parsePidStack } from '../../../../src/parse/proc/pid/stack.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const recent = `[<0>] percpu_rwsem_wait+0x15f/0x1d0
[<0>] mnt_want_write+0x96/0xc0
[<0>] path_openat+0x9b3/0x12d0
[<0>] do_syscall_64+0x71/0x280
[<0>] entry_SYSCALL_64_after_hwframe+0x76/0x7e
`;
const modules = `[<0>] rpc_wait_bit_killable+0x1e/0xb0 [sunrpc]
[<0>] __rpc_execute+0xf7/0x2e0 [sunrpc]
[<0>] nfs4_proc_getattr.isra.0+0x72/0x110 [nfsv4]
`;
// Linux 3.10 to 4.14 print addresses, and end with one that is no function.
const old = `[<ffffffff8118a5be>] sleep_on_page+0xe/0x20
[<ffffffff81189f36>] wait_on_page_bit+0x86/0xb0
[<ffffffffa0112345>] ext4_sync_file+0x12f/0x330 [ext4]
[<ffffffff8164a209>] system_call_fastpath+0x16/0x1b
[<ffffffffffffffff>] 0xffffffffffffffff
`;
// 4.15 to 4.20 hide the addresses and still end so.
const between = '[<0>] do_exit+0x1d3/0xb30\n[<0>] do_group_exit+0x3a/0xa0\n[<0>] 0xffffffffffffffff\n';

test('the functions come innermost first, without offsets', () => {
  expect(parsePidStack(recent)).toEqual([
    'percpu_rwsem_wait',
    'mnt_want_write',
    'path_openat',
    'do_syscall_64',
    'entry_SYSCALL_64_after_hwframe',
  ]);
});

test('functions of modules come without the module, and with the suffix that the compiler gave', () => {
  expect(parsePidStack(modules)).toEqual(['rpc_wait_bit_killable', '__rpc_execute', 'nfs4_proc_getattr.isra.0']);
});

test('old kernels print addresses and an end mark, which is skipped', () => {
  expect(parsePidStack(old)).toEqual(['sleep_on_page', 'wait_on_page_bit', 'ext4_sync_file', 'system_call_fastpath']);
  expect(parsePidStack(between)).toEqual(['do_exit', 'do_group_exit']);
});

test('an empty stack, as of a task that runs in user space, has no functions', () => {
  expect(parsePidStack('')).toEqual([]);
});

test('any text gives names', () => {
  expectToBear(
    (text) => {
      for (const name of parsePidStack(text)) expect(name).toMatch(/^[A-Za-z_]/);
    },
    [recent, modules, old, between],
  );
});

test('no text takes long', () => expectNoHang(parsePidStack, [recent, old, '[<0>] ', '[<', '[<0>] a.']));
