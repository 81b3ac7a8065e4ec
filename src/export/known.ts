import type { Model } from '../model/model.ts';
import type { Verdicts } from '../rules/engine/run.ts';

/** All that the metrics are made of: what is known of the node now, and how. */
export interface Known {
  /** Of rtwatch. */
  readonly version: string;
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly sampler: SamplerKnown;
  /** Of the process that answers. */
  readonly exporter: { readonly cpuSeconds: number; readonly rssBytes: number };
  /** Null without a recording. */
  readonly recorder: { readonly isUp: boolean; readonly droppedSamples: number } | null;
  /** Sources that the user disabled: that they are silent is no news. */
  readonly disabled: readonly string[];
  /** Labels of high cardinality that the user asked for. */
  readonly labels: readonly DetailLabel[];
}

/** What `--labels` takes. */
export const detailLabels = ['containers'] as const;
export type DetailLabel = (typeof detailLabels)[number];

interface SamplerKnown {
  /** It answers. */
  readonly isUp: boolean;
  readonly restarts: number;
  /** Of all samplers so far. */
  readonly cpuSeconds: number;
}
