import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installProgram } from '../support/install-program.ts';

/** What runs in the terminals still writes for a moment. */
const clearAtEnd = `
read -r _
for socket in "$1"/terminal-*; do tmux -S "$socket" kill-server 2>/dev/null; done
sleep 0.5
rm -rf -- "$1"
`;

/**
 * The folder in which everything of a run lives. A shell beside it, which reads a pipe of ours, ends the terminals in
 * it and removes it when the pipe ends: when we say so, or when this process is gone by whatever signal.
 */
export class Scratch {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-'));
  readonly #guard: ChildProcess;
  #terminals = 0;

  constructor() {
    this.#guard = spawn('sh', ['-c', clearAtEnd, 'sh', this.path], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  /** A name for the socket of a terminal server: of its own, as the one before may not be quite gone. */
  newTerminalSocket(): string {
    return this.of(`terminal-${++this.#terminals}`);
  }

  /** A path in the folder. */
  of(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  /** A folder in it. */
  folder(...names: string[]): string {
    const made = this.of(...names);
    fs.mkdirSync(made, { recursive: true });
    return made;
  }

  /** A copy of the program with a runtime of its own; the path of its launcher. */
  installProgram(): string {
    return installProgram(this.of('program'));
  }

  /** The environment of someone who has just logged in: no `CI`, no settings, nothing of the shell that runs the bench. */
  env(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: this.folder('home'),
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      XDG_CONFIG_HOME: this.folder('home/.config'),
      XDG_STATE_HOME: this.folder('home/.state'),
      HTOPRC: this.of('home/htoprc'),
    };
  }

  async close(): Promise<void> {
    const ended = once(this.#guard, 'exit');
    this.#guard.stdin?.end();
    await ended;
  }
}
