import { EventEmitter } from 'node:events';
import type tty from 'node:tty';
import { continuesReport, type InputPiece, splitInput } from './split-input.ts';

/** What Ink does not hear of: mouse reports and function keys. */
export type TerminalEvent = Exclude<InputPiece, { readonly kind: 'text' }>;

/** An Escape alone is a key when nothing follows it for so long; Ink itself waits 20 ms more. */
const escapeMs = 40;

/**
 * The terminal's input as Ink reads it, without mouse reports and function keys: those go to the listeners. All in the order in which
 * it was typed. Ink would give a report that arrives in two reads to the keys.
 */
export class TerminalInput extends EventEmitter {
  readonly isTTY = true;
  readonly #source: tty.ReadStream;
  readonly #listeners = new Set<(event: TerminalEvent) => void>();
  #text = '';
  #pending = '';
  /** What was passed on of a sequence because its rest did not come in time. */
  #passedOn = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(source: tty.ReadStream) {
    super();
    this.#source = source;
    // Ink reads while it listens: without its listener, the terminal is another program's.
    this.on('newListener', (event) => {
      if (event === 'readable' && this.listenerCount('readable') === 0) source.on('readable', this.#take);
    });
    this.on('removeListener', (event) => {
      if (event !== 'readable' || this.listenerCount('readable') > 0) return;
      source.off('readable', this.#take);
      clearTimeout(this.#timer);
      this.#pending = '';
    });
  }

  /** Calls back for each event until the returned function is called. */
  readonly subscribe = (listener: (event: TerminalEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  setEncoding(encoding: BufferEncoding): this {
    this.#source.setEncoding(encoding);
    return this;
  }

  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode(isRaw);
    return this;
  }

  ref(): this {
    this.#source.ref();
    return this;
  }

  unref(): this {
    this.#source.unref();
    return this;
  }

  read(): string | null {
    const text = this.#text;
    this.#text = '';
    return text === '' ? null : text;
  }

  readonly #take = (): void => {
    clearTimeout(this.#timer);
    for (;;) {
      const chunk: unknown = this.#source.read();
      if (chunk === null) break;
      this.#split(String(chunk));
    }
    if (this.#pending === '\u001b' || this.#pending === '\u001b[' || this.#pending === '\u001bO') {
      this.#timer = setTimeout(this.#passOn, escapeMs);
    }
  };

  #split(chunk: string): void {
    const before = continuesReport(this.#passedOn, chunk) ? this.#passedOn : this.#pending;
    this.#passedOn = '';
    const { pieces, pending } = splitInput(before + chunk);
    this.#pending = pending;
    for (const piece of pieces) {
      if (piece.kind === 'text') this.#give(piece.text);
      else for (const listener of this.#listeners) listener(piece);
    }
  }

  readonly #passOn = (): void => {
    this.#passedOn = this.#pending;
    this.#pending = '';
    this.#give(this.#passedOn);
  };

  #give(text: string): void {
    this.#text += text;
    this.emit('readable');
  }
}
