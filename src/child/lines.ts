/** A line longer than this is not ours: ten thousand containers make a few megabytes. */
const defaultMaxLength = 64 * 1024 * 1024;

/** Cuts a stream of text into lines; what is left without a newline waits for more. */
export class Lines {
  readonly #maxLength: number;
  #rest: string[] = [];
  #length = 0;

  constructor(maxLength: number = defaultMaxLength) {
    this.#maxLength = maxLength;
  }

  /**
   * The lines that are whole now.
   *
   * @throws when a line has no end
   */
  feed(chunk: string): string[] {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = this.#rest.join('') + lines[0];
      this.#rest = [];
      this.#length = 0;
    }
    this.#rest.push(last);
    this.#length += last.length;
    if (this.#length > this.#maxLength) throw new Error('a line without an end: this is not a stream of samples');
    return lines.filter((line) => line !== '');
  }

  /** What still waits for its end. */
  rest(): string {
    return this.#rest.join('');
  }
}
