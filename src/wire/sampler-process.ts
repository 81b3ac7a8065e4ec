import { Child } from '../child/child.ts';
import type { Sample } from '../sample/sample.ts';
import { decodeSample } from './ndjson.ts';

interface SamplerHandlers {
  readonly onSample: (sample: Sample) => void;
  /** It exited: its exit code, null when a signal did it or it never started; and its last complaint. */
  readonly onEnd: (code: number | null, complaint: string | null) => void;
}

/**
 * Runs `rtwatch sample` as a child.
 *
 * @param command how to run this program
 * @param args options of `rtwatch sample`
 */
export function startSampler(
  command: readonly string[],
  args: readonly string[],
  { onSample, onEnd }: SamplerHandlers,
): Child {
  return new Child({
    command: [...command, 'sample', ...args],
    onLine: (line) => onSample(decodeSample(line)),
    onEnd: ({ code, error, complaint }) => onEnd(code, error?.message ?? complaint),
  });
}
