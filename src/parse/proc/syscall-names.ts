/** The architectures whose system calls have names here, as `process.arch` writes them. */
export type Architecture = 'x64' | 'arm64';

/**
 * The name of a system call.
 *
 * The tables hold the calls that can wait for a file, a child or a lock, by arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h (arm64). Numbers of 32-bit programs on a 64-bit kernel are of another table and are
 * named wrongly.
 *
 * @returns null when it is not in our table
 */
export function syscallName(number: number, architecture: Architecture): string | null {
  return (architecture === 'x64' ? x64 : arm64).get(number) ?? null;
}

/** Whether the first argument of the call is the descriptor it works on. The directory of `openat` is not meant. */
export function worksOnDescriptor(name: string): boolean {
  return descriptorCalls.has(name);
}

/**
 * The architecture of a node, from its own output: the entry points in a kernel stack, or the end of the release
 * (`5.14.0-427.el9.aarch64`, `6.1.0-13-amd64`).
 *
 * @returns null if the text does not show it
 */
export function architectureOf(text: string): Architecture | null {
  if (/__arm64_sys_|\bel0_svc|\b(?:aarch64|arm64)\b/.test(text)) return 'arm64';
  return /__x64_sys_|\bentry_SYSCALL_64|\b(?:x86_64|amd64)\b/.test(text) ? 'x64' : null;
}

const x64: ReadonlyMap<number, string> = new Map([
  [0, 'read'],
  [1, 'write'],
  [2, 'open'],
  [3, 'close'],
  [4, 'stat'],
  [5, 'fstat'],
  [6, 'lstat'],
  [9, 'mmap'],
  [11, 'munmap'],
  [16, 'ioctl'],
  [17, 'pread64'],
  [18, 'pwrite64'],
  [19, 'readv'],
  [20, 'writev'],
  [21, 'access'],
  [26, 'msync'],
  [40, 'sendfile'],
  [56, 'clone'],
  [57, 'fork'],
  [58, 'vfork'],
  [59, 'execve'],
  [60, 'exit'],
  [61, 'wait4'],
  [72, 'fcntl'],
  [73, 'flock'],
  [74, 'fsync'],
  [75, 'fdatasync'],
  [76, 'truncate'],
  [77, 'ftruncate'],
  [78, 'getdents'],
  [80, 'chdir'],
  [81, 'fchdir'],
  [82, 'rename'],
  [83, 'mkdir'],
  [84, 'rmdir'],
  [85, 'creat'],
  [86, 'link'],
  [87, 'unlink'],
  [89, 'readlink'],
  [90, 'chmod'],
  [91, 'fchmod'],
  [92, 'chown'],
  [93, 'fchown'],
  [137, 'statfs'],
  [138, 'fstatfs'],
  [162, 'sync'],
  [165, 'mount'],
  [166, 'umount2'],
  [202, 'futex'],
  [206, 'io_setup'],
  [208, 'io_getevents'],
  [209, 'io_submit'],
  [217, 'getdents64'],
  [231, 'exit_group'],
  [247, 'waitid'],
  [257, 'openat'],
  [258, 'mkdirat'],
  [262, 'newfstatat'],
  [263, 'unlinkat'],
  [264, 'renameat'],
  [275, 'splice'],
  [277, 'sync_file_range'],
  [285, 'fallocate'],
  [295, 'preadv'],
  [296, 'pwritev'],
  [306, 'syncfs'],
  [316, 'renameat2'],
  [322, 'execveat'],
  [326, 'copy_file_range'],
  [327, 'preadv2'],
  [328, 'pwritev2'],
  [332, 'statx'],
  [426, 'io_uring_enter'],
  [435, 'clone3'],
  [437, 'openat2'],
]);

const arm64: ReadonlyMap<number, string> = new Map([
  [0, 'io_setup'],
  [2, 'io_submit'],
  [4, 'io_getevents'],
  [25, 'fcntl'],
  [29, 'ioctl'],
  [32, 'flock'],
  [34, 'mkdirat'],
  [35, 'unlinkat'],
  [38, 'renameat'],
  [39, 'umount2'],
  [40, 'mount'],
  [43, 'statfs'],
  [44, 'fstatfs'],
  [45, 'truncate'],
  [46, 'ftruncate'],
  [47, 'fallocate'],
  [49, 'chdir'],
  [50, 'fchdir'],
  [52, 'fchmod'],
  [55, 'fchown'],
  [56, 'openat'],
  [57, 'close'],
  [61, 'getdents64'],
  [63, 'read'],
  [64, 'write'],
  [65, 'readv'],
  [66, 'writev'],
  [67, 'pread64'],
  [68, 'pwrite64'],
  [69, 'preadv'],
  [70, 'pwritev'],
  [71, 'sendfile'],
  [76, 'splice'],
  [79, 'newfstatat'],
  [80, 'fstat'],
  [81, 'sync'],
  [82, 'fsync'],
  [83, 'fdatasync'],
  [84, 'sync_file_range'],
  [93, 'exit'],
  [94, 'exit_group'],
  [95, 'waitid'],
  [98, 'futex'],
  [215, 'munmap'],
  [220, 'clone'],
  [221, 'execve'],
  [222, 'mmap'],
  [227, 'msync'],
  [260, 'wait4'],
  [267, 'syncfs'],
  [276, 'renameat2'],
  [281, 'execveat'],
  [285, 'copy_file_range'],
  [286, 'preadv2'],
  [287, 'pwritev2'],
  [291, 'statx'],
  [426, 'io_uring_enter'],
  [435, 'clone3'],
  [437, 'openat2'],
]);

const descriptorCalls: ReadonlySet<string> = new Set([
  ...['read', 'write', 'pread64', 'pwrite64', 'readv', 'writev', 'preadv', 'pwritev', 'preadv2', 'pwritev2'],
  ...['fsync', 'fdatasync', 'syncfs', 'sync_file_range', 'ftruncate', 'fallocate', 'getdents', 'getdents64'],
  ...['fstat', 'fstatfs', 'fchmod', 'fchown', 'fchdir', 'fcntl', 'flock', 'ioctl', 'close', 'sendfile', 'splice'],
  // Removing a tree goes from directory to directory, and names an entry of the one that is open.
  ...['copy_file_range', 'unlinkat'],
]);
