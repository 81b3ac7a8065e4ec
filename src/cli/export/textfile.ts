import { Child } from '../../child/child.ts';
import { clean } from '../../view/text.ts';
import { endOfText } from '../children/write-textfile.ts';

interface TextfileOptions {
  /** How to run this program. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly text: () => Promise<string>;
  /** The first text is in its file. */
  readonly onFirst: () => void;
  /** The first text could not be written: the directory is not what it should be. */
  readonly onUnusable: (why: string) => void;
  /** From one text to the next. Default: 15s. */
  readonly everyMs?: number;
}

/** As often as node_exporter is scraped at most. */
const defaultEveryMs = 15_000;
/** A text that is not written for so long hangs, and with it the disk. */
const patienceMs = 30_000;
const closePatienceMs = 2000;

/** Keeps a file for the textfile collector of node_exporter. A child writes it; one text is on its way at a time. */
export class Textfile {
  readonly #options: TextfileOptions;
  readonly #timer: NodeJS.Timeout;
  #child: Child | null = null;
  /** Since when a text is on its way; null if none is. */
  #sentAt: number | null = null;
  #hasWritten = false;
  #said = '';
  #onEnd: () => void = () => {};

  constructor(options: TextfileOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#send(), options.everyMs ?? defaultEveryMs);
    void this.#send();
  }

  /** Has the file removed; always resolves. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEnd = resolve;
    child.endInput();
    const patience = setTimeout(resolve, closePatienceMs);
    await promise;
    clearTimeout(patience);
    child.abandon();
  }

  async #send(): Promise<void> {
    if (this.#sentAt !== null) {
      if (performance.now() - this.#sentAt > patienceMs) this.#say(`writing to ${this.#options.folder} hangs`);
      return;
    }
    this.#sentAt = performance.now();
    try {
      const text = await this.#options.text();
      this.#child ??= this.#start();
      this.#child.write(`${text}${endOfText}`);
    } catch (error) {
      // A fault of one text must not end the process.
      this.#sentAt = null;
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  #start(): Child {
    const { command, folder } = this.#options;
    return new Child({
      // `--`: the name of a directory must not be taken for an option.
      command: [...command, 'write-textfile', '--', folder],
      hasInput: true,
      onLine: () => {
        this.#sentAt = null;
        if (!this.#hasWritten) this.#options.onFirst();
        this.#hasWritten = true;
        if (this.#said !== '') process.stderr.write('rtwatch: the textfile is written again\n');
        this.#said = '';
      },
      onEnd: ({ complaint, error }) => {
        this.#child = null;
        this.#sentAt = null;
        this.#onEnd();
        const why = complaint ?? error?.message;
        if (why === undefined) return;
        if (this.#hasWritten) this.#say(why);
        else this.#options.onUnusable(why);
      },
    });
  }

  /** Once, until it works again. */
  #say(why: string): void {
    if (why === this.#said) return;
    this.#said = why;
    process.stderr.write(`rtwatch: ${clean(why)}. It is tried again\n`);
  }
}
