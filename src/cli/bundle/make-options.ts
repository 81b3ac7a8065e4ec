import type { Compression } from '../../capture/bundle/archive.ts';
import type { CollectOptions } from '../options.ts';

export interface MakeOptions {
  readonly options: CollectOptions;
  readonly folder: string;
  readonly compression: Compression;
  /** Of all parts before compression. */
  readonly maxBytes: number;
  readonly withSecrets: boolean;
  /** List each goroutine, however many there are. */
  readonly full: boolean;
  /** How to run this program, and its sampler. */
  readonly command: readonly string[];
  readonly samplerCommand: readonly string[];
  readonly onStep?: (step: string) => void;
  readonly onProgress?: (entries: number, bytes: number) => void;
  readonly lookMs?: number;
  /** How long the look waits beyond that for sources that have not answered. */
  readonly patienceMs?: number;
  /** From the end of the look to the last answer. */
  readonly gatherMs?: number;
  /** When it is given up, the half that is written is taken away. */
  readonly signal?: AbortSignal;
}
