import { kernelAtLeast } from '../../base/kernel-release.ts';
import { parseLastRanSeconds } from '../../parse/proc/pid/sched.ts';
import { parsePidStack } from '../../parse/proc/pid/stack.ts';
import type { PidStat } from '../../parse/proc/pid/stat.ts';
import { parseSwitches } from '../../parse/proc/pid/status.ts';
import { parsePidSyscall } from '../../parse/proc/pid/syscall.ts';
import { type Architecture, architectureOf, syscallName, worksOnDescriptor } from '../../parse/proc/syscall-names.ts';
import type { BlockedTask, SyscallValue } from '../../sample/processes.ts';
import type { World } from '../world.ts';
import { ageOf, isKernelThread } from './table.ts';

/** What a task in D waits for, by the files that answer without the locks it may hold. */
export class BlockedTasks {
  readonly #world: World;
  readonly #architecture: Architecture;
  readonly #stackIsSafe: boolean;

  /** @param kernel the release of the node's kernel */
  constructor(world: World, kernel: string) {
    this.#world = world;
    this.#architecture = architectureOf(kernel) ?? (process.arch === 'arm64' ? 'arm64' : 'x64');
    // Until 5.8 `stack` and `syscall` take cred_guard_mutex, which an execve holds while it reads the program from a dead
    // server; then exec_update_mutex, which is held for a moment only (eea9673250db).
    this.#stackIsSafe = kernelAtLeast(kernel, 5, 8);
  }

  /**
   * @param schedulerNow "now" on the scheduler's clock, in seconds
   * @param uptimeSeconds now on the clock that start times are on: no task has waited for longer than it lives
   */
  describe(pid: number, task: PidStat, schedulerNow: number, uptimeSeconds: number): BlockedTask {
    const files = this.#world.proc(task.pid === pid ? `${pid}` : `${pid}/task/${task.pid}`);
    const wchan = this.#world.tryText(`${files}/wchan`)?.trim();
    const stack = this.#world.tryText(`${files}/stack`, !this.#stackIsSafe);
    const lastRan = parseLastRanSeconds(this.#world.tryText(`${files}/sched`) ?? '');
    // A kernel without CONFIG_SCHED_DEBUG has no `sched`.
    const switches = lastRan === null ? parseSwitches(this.#world.tryText(`${files}/status`) ?? '') : null;
    return {
      tid: task.pid,
      comm: task.comm,
      // The kernel prints "0" if it may not or cannot name it.
      wchan: wchan === undefined || wchan === '' || wchan === '0' ? null : wchan,
      stack: stack === null || stack === '' ? null : parsePidStack(stack),
      syscall: isKernelThread(task) ? null : this.#describeSyscall(pid, files, stack ?? ''),
      offCpuSeconds:
        lastRan === null ? null : Math.min(ageOf(task, uptimeSeconds), Math.max(0, schedulerNow - lastRan)),
      ...(switches === null ? {} : { switches }),
    };
  }

  #describeSyscall(pid: number, files: string, stack: string): SyscallValue | null {
    const text = this.#world.tryText(`${files}/syscall`, !this.#stackIsSafe);
    const call = text === null ? null : parsePidSyscall(text);
    if (call === null) return null;
    const name = syscallName(call.number, architectureOf(stack) ?? this.#architecture);
    const [first] = call.args;
    const fd = name === null || first === undefined || !worksOnDescriptor(name) ? null : descriptorOf(first);
    // The link is read, never followed: opening or asking it would wait where the task waits.
    const file = fd === null ? null : this.#world.tryLink(this.#world.proc(`${pid}/fd/${fd}`));
    return { number: call.number, name, fd, file };
  }
}

/** A descriptor is an int: what a program left in the upper half of the register does not count. */
function descriptorOf(register: number): number | null {
  // AT_FDCWD (-100) fills the register: as a number its lower half is lost.
  if (register > Number.MAX_SAFE_INTEGER) return null;
  const fd = register % 2 ** 32;
  return fd < 2 ** 31 ? fd : null;
}
