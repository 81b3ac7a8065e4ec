import { ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/**
 * Starts a program. Where the kernel refuses, the process emits `error`, as for a program that does not exist: Node.js throws when memory
 * is short (ENOMEM of fork(2)), and that would end the screen of a node on which memory is short.
 *
 * @returns without streams where there was no descriptor for them (EMFILE, ENFILE)
 */
export function startProgram([program = '', ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (error) {
    const refused = new ChildProcess();
    process.nextTick(() => refused.emit('error', error));
    return refused;
  }
}
