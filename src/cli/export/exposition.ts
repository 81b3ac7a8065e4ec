import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { type Family, latency } from '../../export/families.ts';

/** How metrics are written: Prometheus' classic text, or OpenMetrics. */
export type Format = 'text' | 'openmetrics';

export const contentTypes = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Record<Format, string>;

/** The metrics as text. It remembers the histogram alone. */
export class Exposition {
  readonly #latency = new Histogram({
    name: latency.name,
    help: latency.help,
    labelNames: [...latency.labels],
    buckets: [...latency.buckets],
    registers: [],
  });

  /** @param ms of one round trip */
  observe(daemon: string, ms: number): void {
    this.#latency.observe({ daemon }, ms / 1000);
  }

  render(families: readonly Family[], format: Format): Promise<string> {
    // A new one each time: for OpenMetrics it renames the counters in it.
    const registry = new Registry<RegistryContentType>();
    registry.setContentType(contentTypes[format]);
    for (const { name, help, type, labels, series } of families) {
      const config = { name, help, labelNames: [...labels], registers: [registry] };
      if (type === 'counter') {
        const counter = new Counter(config);
        for (const one of series) counter.inc(one.labels, one.value);
      } else {
        const gauge = new Gauge(config);
        for (const one of series) gauge.set(one.labels, one.value);
      }
    }
    registry.registerMetric(this.#latency);
    return registry.metrics();
  }
}
