/**
 * The meaning of a container's exit code. 125 to 127 are conventions of the engine and the shell (docker-run(1)); 128 + n means
 * that signal n killed the container's init process (bash(1), EXIT STATUS).
 */
export function exitMeaning(code: number, isOomKilled: boolean): string {
  if (code === 0) return 'exited by itself, no error';
  if (code === 125) return 'the engine could not start the container';
  if (code === 126) return 'the command cannot be executed';
  if (code === 127) return 'the command was not found';
  if (code === 137) {
    return isOomKilled ? 'SIGKILL from the kernel: out of memory' : 'SIGKILL: stop timeout, kill, or out of memory';
  }
  if (code === 143) return 'SIGTERM: asked to stop, and stopped';
  if (code === 255) return 'an error of the program, or the engine missed the exit';
  const signal = signals[code - 128];
  if (signal !== undefined) return `killed by ${signal}`;
  return code > 128 && code <= 192 ? `killed by signal ${code - 128}` : 'an error of the program';
}

/** Signals that commonly kill a process, by number (signal(7)). */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT (abort, or a failed assertion)',
  7: 'SIGBUS',
  8: 'SIGFPE',
  11: 'SIGSEGV (an invalid memory access)',
  13: 'SIGPIPE',
  31: 'SIGSYS (a forbidden system call)',
};
