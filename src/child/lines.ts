/** A longer line is not ours: 10,000 containers make a few megabytes. */
const defaultMaxLength = 64 * 1024 * 1024;

/** Splits a stream of text into lines; an incomplete line is buffered. */
export class Lines {
  readonly #maxLength: number;
  #rest: string[] = [];
  #length = 0;

  constructor(maxLength: number = defaultMaxLength) {
    this.#maxLength = maxLength;
  }

  /**
   * The lines that are now complete.
   *
   * @throws if a line is too long
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
    if (this.#length > this.#maxLength) throw new Error('line too long: not a stream of samples');
    return lines.filter((line) => line !== '');
  }

  /** The incomplete last line. */
  rest(): string {
    return this.#rest.join('');
  }
}
