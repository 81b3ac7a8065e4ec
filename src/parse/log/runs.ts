import type { LogRun } from '../../sample/log-summary.ts';

/** A pause longer than this begins another run: the kubelet retries every two minutes, at most every five. */
const pauseMs = 600_000;
const maxRuns = 40;

/** When the lines of one pattern and container came, as runs; bounded: the two that are nearest to each other become one. */
export class LogRuns {
  #runs: LogRun[] = [];

  add(at: number): void {
    const near = this.#runs.findLastIndex(({ from, to }) => at >= from - pauseMs && at <= to + pauseMs);
    const run = this.#runs[near];
    if (run !== undefined) {
      this.#runs[near] = { from: Math.min(run.from, at), to: Math.max(run.to, at), count: run.count + 1 };
      return;
    }
    this.#runs.push({ from: at, to: at, count: 1 });
    if (this.#runs.length > maxRuns) this.#joinNearest();
  }

  /** By time. */
  list(): readonly LogRun[] {
    return this.#runs.toSorted((a, b) => a.from - b.from);
  }

  #joinNearest(): void {
    const runs = [...this.list()];
    const gaps = runs.slice(1).map((run, index) => run.from - (runs[index]?.to ?? 0));
    const at = gaps.indexOf(Math.min(...gaps));
    const [a, b] = [runs[at], runs[at + 1]];
    if (a !== undefined && b !== undefined) {
      runs.splice(at, 2, { from: a.from, to: Math.max(a.to, b.to), count: a.count + b.count });
    }
    this.#runs = runs;
  }
}
