import type { WholeDump, WholeGoroutine } from '../../../sample/stacks.ts';
import { Debug2Parser } from './debug2.ts';

/**
 * Reads a `debug=2` profile whole, with what shows who holds which lock. Goroutines with equal calls share their frames;
 * calls in other lines are others: the line says whether a call is before or behind its Lock. It never throws, as
 * `Debug2Parser`.
 */
export class WholeDumpParser {
  readonly #stacks = new Map<
    string,
    { readonly frames: WholeDump['stacks'][number]['frames']; readonly goroutines: WholeGoroutine[] }
  >();
  readonly #parser = new Debug2Parser(({ id, state, waitMinutes, frames }) => {
    const key = frames.map(({ func, line }) => `${func} ${line}`).join('\n');
    const stack = this.#stacks.get(key) ?? {
      frames: frames.map(({ func, line }) => ({ func, line })),
      goroutines: [],
    };
    this.#stacks.set(key, stack);
    stack.goroutines.push({ id, state, waitMinutes, args: frames.map(({ args }) => args) });
  });

  feed(chunk: string): void {
    this.#parser.feed(chunk);
  }

  /** The dump, and why something is missing. */
  end(): { readonly dump: WholeDump; readonly error: string | null } {
    const { total, partial, error } = this.#parser.end();
    return { dump: { total, partial, stacks: [...this.#stacks.values()] }, error };
  }
}
