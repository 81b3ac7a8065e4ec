import type { Sample, SourceName } from '../sample/sample.ts';

/** Follows from the announcements of a sampler whether all that it asked has been answered. */
export class PollProgress {
  readonly #unanswered = new Set<SourceName>();
  #pid: number | null = null;
  #announces = false;

  /** Whether the sampler announces what it asks: a recording does not hold that. */
  get announces(): boolean {
    return this.#announces;
  }

  take({ begin, readings, sampler }: Sample): void {
    if (sampler.pid !== this.#pid) this.#unanswered.clear();
    this.#pid = sampler.pid;
    for (const source of Object.keys(readings)) this.#unanswered.delete(source as SourceName);
    if (begin === undefined) return;
    this.#announces = true;
    this.#unanswered.add(begin.source);
  }

  /** Whether the poll is over: every source that was announced has given a reading. */
  get isOver(): boolean {
    return this.#announces && this.#unanswered.size === 0;
  }
}
