import type { DaemonValue } from '../../sample/daemons.ts';
import { okValue } from '../../sample/reading.ts';
import { type ChartSeries, chartWith, noChart } from '../chart-series.ts';

/** What can be drawn of a daemon. A restart does not end it. */
export interface DaemonCharts {
  readonly goroutines: ChartSeries;
  readonly heapBytes: ChartSeries;
  readonly rssBytes: ChartSeries;
  readonly fds: ChartSeries;
  readonly threads: ChartSeries;
}

export const noCharts: DaemonCharts = {
  goroutines: noChart,
  heapBytes: noChart,
  rssBytes: noChart,
  fds: noChart,
  threads: noChart,
};

/** The charts of a daemon with the figures of one more reading; null is a gap. */
export function rememberCharts(before: DaemonCharts, daemon: DaemonValue, monoMs: number): DaemonCharts {
  const process = okValue(daemon.process);
  const now = {
    goroutines: okValue(daemon.goroutines),
    heapBytes: okValue(daemon.heap)?.inuseBytes ?? null,
    rssBytes: process?.rssBytes ?? null,
    fds: process?.fds ?? null,
    threads: process?.threads ?? null,
  };
  return chartsWith(before, (figure) => now[figure], monoMs);
}

/** No daemon could be read. */
export function chartsAfterFailure(before: DaemonCharts, monoMs: number): DaemonCharts {
  return chartsWith(before, () => null, monoMs);
}

function chartsWith(
  before: DaemonCharts,
  readingOf: (figure: keyof DaemonCharts) => number | null,
  monoMs: number,
): DaemonCharts {
  return {
    goroutines: chartWith(before.goroutines, readingOf('goroutines'), monoMs),
    heapBytes: chartWith(before.heapBytes, readingOf('heapBytes'), monoMs),
    rssBytes: chartWith(before.rssBytes, readingOf('rssBytes'), monoMs),
    fds: chartWith(before.fds, readingOf('fds'), monoMs),
    threads: chartWith(before.threads, readingOf('threads'), monoMs),
  };
}
