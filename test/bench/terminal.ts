import path from 'node:path';
import { succeed } from '../engine/run.ts';
import { waitFor } from '../support/wait-for.ts';
import type { TerminalSize } from './options.ts';
import { childrenOf, isRunning, type Stat, statOf } from './proc.ts';
import { Recording } from './recording.ts';
import type { Scratch } from './scratch.ts';

/** What the shell prints when it becomes the program. */
const starting = 'starting the program';

/** A terminal with one program in it. */
export class Terminal {
  readonly #scratch: Scratch;
  readonly #tmux: readonly string[];
  readonly #output: string;
  readonly recording: Recording;
  /** The program. */
  pid = 0;

  private constructor(scratch: Scratch) {
    this.#scratch = scratch;
    const socket = scratch.newTerminalSocket();
    this.#tmux = ['-u', '-S', socket, '-f', '/dev/null'];
    this.#output = scratch.of(`output-of-${path.basename(socket)}`);
    this.recording = new Recording(this.#output);
  }

  /** Opens one, with a shell in it that waits to become the program. */
  static async open(scratch: Scratch, command: readonly string[], { columns, rows }: TerminalSize): Promise<Terminal> {
    const terminal = new Terminal(scratch);
    await terminal.#run(
      ...['start-server', ';', 'set-option', '-g', 'default-terminal', 'tmux-256color', ';'],
      // A status line would take a row; a program that ended shall show what it said.
      ...['set-option', '-g', 'status', 'off', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';'],
      ...['new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', scratch.path],
      ...['sh', '-c', `read -r _; echo '${starting}'; exec "$@"`, 'sh', ...command],
    );
    terminal.pid = Number(await terminal.#run('display-message', '-p', '#{pane_pid}'));
    await terminal.#run('pipe-pane', '-O', `exec cat > '${terminal.#output}'`);
    return terminal;
  }

  /** Starts the program; when it started, by performance.now(). */
  async start(): Promise<number> {
    const started = this.recording.find(new RegExp(starting));
    await this.#run('send-keys', 'Enter');
    return started;
  }

  /** The screen as text. */
  screen(): Promise<string> {
    return this.#run('capture-pane', '-p');
  }

  /**
   * Ends the program, and waits until it and its children are gone.
   *
   * @throws when one stays
   */
  async close(): Promise<void> {
    const program = statOf(this.pid);
    const left: Stat[] = [...(program === null ? [] : [program]), ...childrenOf(this.pid)];
    this.recording.close();
    await this.#run('kill-server');
    try {
      await waitFor('the program to end with its terminal', () => !left.some(isRunning), { timeoutMs: 5000 });
    } finally {
      for (const stat of left) if (isRunning(stat)) process.kill(stat.pid, 'SIGKILL');
    }
  }

  #run(...args: string[]): Promise<string> {
    return succeed('tmux', [...this.#tmux, ...args], { env: this.#scratch.env(), timeoutMs: 10_000 });
  }
}
