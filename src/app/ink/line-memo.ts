import { detach } from '../../base/detach.ts';

/** Rows of two frames of a tall terminal. */
const generation = 300;

/**
 * What was computed of a line, kept while frames show the line. Of one frame's lines most are those of the frame before;
 * what no frame shows any more is dropped with its generation, so the memory stays that of some hundred lines, without the frames
 * that they were cut from.
 */
export class LineMemo<T> {
  readonly #compute: (line: string) => T;
  #fresh = new Map<string, T>();
  #older = new Map<string, T>();

  constructor(compute: (line: string) => T) {
    this.#compute = compute;
  }

  readonly of = (line: string): T => {
    const known = this.#fresh.get(line);
    if (known !== undefined) return known;
    const own = detach(line);
    const value = this.#older.get(own) ?? this.#compute(own);
    if (this.#fresh.size >= generation) {
      this.#older = this.#fresh;
      this.#fresh = new Map();
    }
    this.#fresh.set(own, value);
    return value;
  };
}
