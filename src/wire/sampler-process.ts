import { Child } from '../child/child.ts';
import type { Sample } from '../sample/sample.ts';
import { SampleDecoder } from './sample-decoder.ts';

interface SamplerHandlers {
  readonly onSample: (sample: Sample) => void;
  /** The exit code (null: killed by a signal, or never started) and the last error. */
  readonly onEnd: (code: number | null, complaint: string | null) => void;
  /** As of a `Child`. */
  readonly restMs?: number;
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
  { onSample, onEnd, restMs = 0 }: SamplerHandlers,
): Child {
  const decoder = new SampleDecoder();
  return new Child({
    command: [...command, 'sample', '--omit-unchanged', ...args],
    restMs,
    onLine: (line) => onSample(decoder.decode(line)),
    onEnd: ({ code, signal, error, complaint }) => onEnd(code, error?.message ?? complaint ?? wordsOf(signal)),
  });
}

/** A process cannot say that it was killed. Where nobody did it by hand, SIGKILL is the kernel's, out of memory. */
function wordsOf(signal: NodeJS.Signals | null): string | null {
  if (signal === 'SIGKILL') return 'killed by SIGKILL, probably because memory ran out (see dmesg)';
  return signal === null ? null : `killed by ${signal}`;
}
