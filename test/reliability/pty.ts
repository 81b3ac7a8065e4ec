import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { waitFor } from '../support/wait-for.ts';

export interface PtySize {
  readonly columns: number;
  readonly rows: number;
}

/** Of what was drawn so much is kept, in characters. */
const keptLength = 200_000;

/**
 * The real program in a real terminal that nobody sits at. script(1) of util-linux makes it: it is on every Debian, needs
 * no root, and hands keys and output through without a delay worth measuring, which tmux does not.
 */
export class Pty {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #drawn = '';
  /** The program. */
  pid = 0;
  /** Its exit status, as script hands it on; null while it runs. */
  exitCode: number | null = null;
  endedAt: number | null = null;

  private constructor(folder: string, command: readonly string[], size: PtySize, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const start = `stty rows ${size.rows} cols ${size.columns}; tty > '${folder}/tty'; echo $$ > '${folder}/pid'; exec ${words}`;
    this.#child = spawn('script', ['-qfec', start, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#drawn = (this.#drawn + chunk).slice(-keptLength);
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.on('exit', (code) => {
      this.exitCode = code ?? -1;
      this.endedAt = performance.now();
    });
  }

  /**
   * Starts a program in a terminal of its own.
   *
   * @param folder for its notes
   * @param moreEnv beside what somebody has who has just logged in
   * @throws when it does not start
   */
  static async open(
    folder: string,
    command: readonly string[],
    size: PtySize = { columns: 120, rows: 36 },
    moreEnv: NodeJS.ProcessEnv = {},
  ): Promise<Pty> {
    const env = {
      ...moreEnv,
      PATH: process.env['PATH'],
      HOME: folder,
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm-256color',
      SHELL: '/bin/sh',
    };
    // Of an earlier one in the same folder.
    for (const note of ['pid', 'tty']) fs.rmSync(`${folder}/${note}`, { force: true });
    const pty = new Pty(folder, command, size, {
      ...env,
      XDG_STATE_HOME: `${folder}/state`,
      XDG_CONFIG_HOME: `${folder}/config`,
    });
    pty.pid = await waitFor('the program', () => Number(fs.readFileSync(`${folder}/pid`, 'utf8')) || null);
    return pty;
  }

  get isOpen(): boolean {
    return this.exitCode === null;
  }

  /** What was drawn since the mark, as text without colours and movements. */
  drawnSince(mark: number): string {
    return stripVTControlCharacters(this.#drawn.slice(Math.max(0, mark)));
  }

  /** Forgets what was drawn so far. */
  forget(): void {
    this.#drawn = '';
  }

  press(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /**
   * Presses a key and waits for what it draws; milliseconds from the one to the other.
   *
   * @throws when it does not come in time, or the program ends
   */
  async answer(keys: string, expected: RegExp, timeoutMs = 60_000): Promise<number> {
    this.forget();
    const pressed = performance.now();
    this.press(keys);
    await waitFor(`the answer to ${JSON.stringify(keys)}`, () => expected.test(this.drawnSince(0)) || !this.isOpen, {
      timeoutMs,
      everyMs: 2,
      detail: () => this.drawnSince(0).slice(-4000),
    });
    const tookMs = performance.now() - pressed;
    if (!this.isOpen) throw new Error(`the program ended with ${this.exitCode}\n${this.drawnSince(0).slice(-4000)}`);
    return tookMs;
  }

  /** The terminal has another size from now on; the program gets SIGWINCH. */
  resize({ columns, rows }: PtySize): void {
    const tty = fs.readFileSync(`${this.#folder}/tty`, 'utf8').trim();
    spawnSync('stty', ['-F', tty, 'rows', `${rows}`, 'cols', `${columns}`]);
  }

  /** SIGSTOP of the program: it cannot see it coming. */
  stop(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  /** The program goes on, and script, which stops itself when its child is stopped. */
  goOn(): void {
    this.#child.kill('SIGCONT');
    process.kill(this.pid, 'SIGCONT');
  }

  /** Ends the terminal, and with it what runs in it. */
  close(): void {
    if (this.isOpen) this.#child.kill('SIGKILL');
    if (this.pid !== 0 && this.isOpen) {
      try {
        process.kill(this.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}
