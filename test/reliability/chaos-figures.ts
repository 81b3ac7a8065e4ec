import fs from 'node:fs';

/** Memory and descriptors of one kind of process over a run. */
export class Figures {
  readonly rssBytes: number[] = [];
  readonly fds: number[] = [];

  /** Takes one look at a process; none when it has ended. */
  take(pid: number): void {
    try {
      // proc_pid_statm(5): the second field, in pages.
      const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
      const fds = fs.readdirSync(`/proc/${pid}/fd`).length;
      this.rssBytes.push(pages * 4096);
      this.fds.push(fds);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Median of the first and of the last third. */
export function thirds(values: readonly number[]): { first: number; last: number } {
  const third = Math.max(1, Math.floor(values.length / 3));
  return { first: median(values.slice(0, third)), last: median(values.slice(-third)) };
}

/** The least of the first and of the last third: of what is held only for a moment, one look without it is enough. */
export function leastOfThirds(values: readonly number[]): { first: number; last: number } {
  const third = Math.max(1, Math.floor(values.length / 3));
  return { first: Math.min(...values.slice(0, third)), last: Math.min(...values.slice(-third)) };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which that share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
