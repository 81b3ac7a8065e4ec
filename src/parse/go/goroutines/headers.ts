/** Longer than any header: what comes after this much of one line cannot change whether it is one. */
const headerLength = 256;

/**
 * Counts the goroutines of a `debug=2` dump while it streams by: each begins with a line `goroutine 12 [state]:`, or
 * `goroutine 12 gp=0x… [state]:` in a crash dump. Feed it the chunks in order; a line may be cut anywhere.
 */
export class GoroutineHeaders {
  #lastLine = '';
  #count = 0;

  feed(chunk: string): void {
    const text = this.#lastLine + chunk;
    const end = text.lastIndexOf('\n') + 1;
    this.#count += countHeaders(text.slice(0, end));
    this.#lastLine = text.slice(end, end + headerLength);
  }

  /** How many there were so far, the unfinished last line included. */
  get count(): number {
    return this.#count + countHeaders(this.#lastLine);
  }
}

function countHeaders(text: string): number {
  return text.match(/^goroutine \d+ [^[\n]*\[/gm)?.length ?? 0;
}
