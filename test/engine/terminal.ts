import path from 'node:path';
import { waitFor } from '../support/wait-for.ts';
import { cleanEnv } from './rtwatch.ts';
import { run, succeed } from './run.ts';
import type { Scratch } from './scratch.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What the shell says to root. */
export const prompt = '#';

let opened = 0;

/** A real terminal, without anyone in front of it: a shell in a tmux server of its own. */
export class Terminal {
  readonly #server: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  #screen = '';
  /** The shell. */
  pid = 0;

  private constructor(scratch: Scratch) {
    // A name of its own is a server of its own; no one's configuration.
    this.#server = ['-u', '-L', `${path.basename(scratch.path)}-${++opened}`, '-f', '/dev/null'];
    // tmux puts its socket into TMUX_TMPDIR: into the folder, to be gone with it.
    this.#env = { ...cleanEnv(scratch), TMUX_TMPDIR: scratch.path };
  }

  /** Opens one at a shell's prompt; `Scratch.close` ends it and what runs in it. */
  static async open(scratch: Scratch, size: TerminalSize = { columns: 120, rows: 36 }): Promise<Terminal> {
    const terminal = new Terminal(scratch);
    scratch.onClose(() => terminal.close());
    const { columns, rows } = size;
    await terminal.#tmux(
      // A status line would take a row.
      ...['start-server', ';', 'set-option', '-g', 'status', 'off', ';'],
      ...['new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', scratch.path, '/bin/sh'],
    );
    terminal.pid = Number(await terminal.#display('#{pane_pid}'));
    await terminal.waitFor('the prompt', (screen) => screen.trim() === prompt);
    return terminal;
  }

  /** Types a line and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses keys, as tmux names them: `q`, `Escape`, `Enter`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** The screen as text, without what is blank at the end of a line. */
  async screen(): Promise<string> {
    this.#screen = await this.#tmux('capture-pane', '-p');
    return this.#screen;
  }

  /**
   * Waits for a screen that is as it should be; resolves with it.
   *
   * @throws when the time is over, showing the last screen
   */
  async waitFor(what: string, isSo: (screen: string) => boolean): Promise<string> {
    return waitFor(what, async () => isSo(await this.screen()) && this.#screen, {
      detail: () => `the screen:\n${this.#screen}`,
    });
  }

  /** What a program may forget to put back: the alternate screen, the cursor, mouse reports. */
  async modes(): Promise<{ alternateScreen: boolean; cursor: boolean; mouse: boolean }> {
    const flags = await this.#display('#{alternate_on} #{cursor_flag} #{mouse_any_flag}');
    const [alternate, cursor, mouse] = flags.split(' ');
    return { alternateScreen: alternate === '1', cursor: cursor === '1', mouse: mouse === '1' };
  }

  /** As a program set it. */
  title(): Promise<string> {
    return this.#display('#{pane_title}');
  }

  async close(): Promise<void> {
    await run('tmux', [...this.#server, 'kill-server'], { env: this.#env });
  }

  #display(format: string): Promise<string> {
    return this.#tmux('display-message', '-p', format);
  }

  #tmux(...args: string[]): Promise<string> {
    return succeed('tmux', [...this.#server, ...args], { env: this.#env, timeoutMs: 60_000 });
  }
}
