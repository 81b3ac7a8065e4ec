import type { Compression } from '../../capture/bundle/archive.ts';
import type { CollectOptions } from '../options/options.ts';

export interface MakeOptions {
  readonly options: CollectOptions;
  readonly folder: string;
  readonly compression: Compression;
  /** Limit of all parts before compression. */
  readonly maxBytes: number;
  readonly withSecrets: boolean;
  /** List every goroutine, however many there are. */
  readonly full: boolean;
  /** How to run this program, and its sampler. */
  readonly command: readonly string[];
  readonly samplerCommand: readonly string[];
  readonly onStep?: (step: string) => void;
  readonly onProgress?: (entries: number, bytes: number) => void;
  readonly sampleMs?: number;
  /** How much longer to wait for sources that have not answered. */
  readonly patienceMs?: number;
  /** From the last sample to the last answer. */
  readonly gatherMs?: number;
  /** On abort, the partial archive is removed. */
  readonly signal?: AbortSignal;
}
