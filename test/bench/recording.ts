import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Text that is searched, at most: a screen is a fraction of it. */
const maxSearched = 512 * 1024;

/**
 * What a program writes to its terminal: counted as it comes, through a FIFO that tmux's `pipe-pane` writes to. Finer than
 * looking at the screen again and again, and it costs the program nothing.
 */
export class Recording {
  readonly #socket: net.Socket;
  readonly #searches = new Set<(text: string, at: number) => void>();
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  /** Bytes so far. */
  bytes = 0;

  constructor(fifo: string) {
    fs.rmSync(fifo, { force: true });
    execFileSync('mkfifo', [fifo]);
    // Open for writing too, so that it has no end when there is no writer yet.
    const fd = fs.openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    this.#socket = new net.Socket({ fd, readable: true, writable: false });
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /**
   * When the pattern came to the terminal, by performance.now(); control sequences do not count. Forgets what came before.
   */
  find(pattern: RegExp): Promise<number> {
    return new Promise((resolve) => {
      const search = (text: string, at: number): void => {
        if (!pattern.test(visible(text))) return;
        this.#searches.delete(search);
        this.#text = '';
        resolve(at);
      };
      this.#searches.add(search);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const at = performance.now();
    this.bytes += chunk.length;
    if (this.#searches.size === 0) return;
    this.#text = (this.#text + this.#decoder.write(chunk)).slice(-maxSearched);
    for (const search of this.#searches) search(this.#text, at);
  }
}

/** Without control sequences, and without single ones such as SI, which htop writes between a word and its number. */
function visible(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\0-\x1f\x7f]/g, '');
}
