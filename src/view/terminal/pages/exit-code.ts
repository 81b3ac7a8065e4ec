/**
 * What an exit code of a container means: 125 to 127 are the engine's and the shell's conventions (docker-run(1)), from 128
 * on it is the number of the signal that ended its first process (bash(1), EXIT STATUS).
 */
export function exitMeaning(code: number, isOomKilled: boolean): string {
  if (code === 0) return 'it ended by itself, without an error';
  if (code === 125) return 'the engine could not run it';
  if (code === 126) return 'its command cannot be executed';
  if (code === 127) return 'its command was not found';
  if (code === 137) {
    return isOomKilled
      ? 'SIGKILL by the kernel, out of memory'
      : 'SIGKILL: a stop that lasted too long, a kill, or the kernel out of memory';
  }
  if (code === 143) return 'SIGTERM: it was asked to stop, and did';
  if (code === 255) return 'an error of its own, or the engine lost its exit';
  const signal = signals[code - 128];
  if (signal !== undefined) return `${signal} ended it`;
  return code > 128 && code <= 192 ? `signal ${code - 128} ended it` : 'an error of its own';
}

/** Those that commonly end a process, by number (signal(7)). */
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
