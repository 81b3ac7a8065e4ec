/** The system call that a task is in. */
interface PidSyscall {
  /** By the table of the task's own architecture. */
  readonly number: number;
  /** The six registers that hold its arguments; unsigned, those above 2^53 rounded. */
  readonly args: readonly number[];
}

/**
 * Parses `/proc/PID/syscall` (proc_pid_syscall(5); fs/proc/base.c proc_pid_syscall): the number in decimal, six arguments,
 * the stack pointer and the program counter in hexadecimal.
 *
 * @returns null for `running`, and for `-1 …`: blocked, but not in a system call (a page fault)
 */
export function parsePidSyscall(text: string): PidSyscall | null {
  const [number, ...args] = text.trimEnd().split(' ', 7);
  if (number === undefined || !/^\d{1,9}$/.test(number) || args.length < 6) return null;
  if (!args.every((arg) => /^0x[0-9a-f]{1,16}$/.test(arg))) return null;
  return { number: Number(number), args: args.map(Number) };
}
