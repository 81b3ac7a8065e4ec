import { type ChildProcess, spawn } from 'node:child_process';
import { toolEnv } from '../engine/run.ts';

const startDeadlineMs = 300_000;
const endDeadlineMs = 60_000;
/**
 * Whatever ends the shell, it ends the group: what starts too many processes may fail half way. A trap is not inherited.
 */
const endAllAtExit = `
trap 'trap "" TERM; kill -TERM 0; kill -CONT 0; wait' EXIT
`;
/** Standard input ends when we say so, and when we are gone; then there is nobody to write to either. */
const waitForEnd = `
trap '' PIPE
echo started
read -r _
`;

/**
 * What a shell script starts in the background, as a process group of its own.
 *
 * The shell reads a pipe of ours, and ends the group when the pipe ends. So the group goes also when this process is
 * interrupted or killed, and nothing here has to catch signals. The shell is the parent and reaps: where pid 1 does not
 * (many a container), ten thousand zombies would stay.
 */
export class Group {
  readonly #shell: ChildProcess;
  readonly #ended: Promise<void>;
  #closing = false;
  /** From then on the number may be that of someone else. */
  #gone = false;

  private constructor(what: string, script: string, args: readonly string[]) {
    this.#shell = spawn('sh', ['-c', endAllAtExit + script + waitForEnd, 'sh', ...args], {
      cwd: '/',
      detached: true,
      env: toolEnv(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A shell that ended early is told by `#ended`.
    this.#shell.stdin?.on('error', () => {});
    let complaint = '';
    this.#shell.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-500);
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#shell.once('error', reject);
      this.#shell.once('exit', (code, signal) => {
        if (this.#closing) resolve();
        else reject(new Error(`${what} ended early (${signal ?? code}): ${complaint.trim()}`));
        this.#kill();
        this.#gone = true;
      });
    });
    this.#ended.catch(() => {});
  }

  /**
   * Starts one; resolves when the script is through.
   *
   * @throws when it fails
   */
  static async start(what: string, script: string, args: readonly string[]): Promise<Group> {
    const group = new Group(what, script, args);
    const started = new Promise<void>((resolve) => group.#shell.stdout?.once('data', () => resolve()));
    try {
      await Promise.race([started, group.#ended, timeOut(`starting ${what}`, startDeadlineMs)]);
    } catch (error) {
      group.#kill();
      throw error;
    }
    return group;
  }

  /** The process group, and the shell in it. */
  get pid(): number {
    return this.#shell.pid ?? 0;
  }

  /**
   * Ends all of it.
   *
   * @throws when that takes too long
   */
  async close(): Promise<void> {
    this.#closing = true;
    this.#shell.stdin?.end();
    try {
      await Promise.race([this.#ended, timeOut('ending processes', endDeadlineMs)]);
    } finally {
      this.#kill();
    }
  }

  #kill(): void {
    if (this.#shell.pid === undefined || this.#gone) return;
    try {
      process.kill(-this.#shell.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }
}

function timeOut(what: string, afterMs: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} takes longer than ${afterMs / 1000} s`)), afterMs).unref();
  });
}
