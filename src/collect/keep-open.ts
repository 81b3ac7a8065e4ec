import { pause } from './pause.ts';

const shortestBackOffMs = 1000;
const longestBackOffMs = 30_000;

interface Stream {
  /** Opens it and reads it to its end; rejects when it breaks. */
  readonly follow: () => Promise<void>;
  /** @param error why it broke; null when the other side closed it */
  readonly onEnd: (error: unknown) => void;
}

/** Opens a stream again, with growing pauses, whenever it ends. Runs until the signal; never rejects. */
export async function keepOpen({ follow, onEnd }: Stream, signal: AbortSignal): Promise<void> {
  let backOffMs = shortestBackOffMs;
  while (!signal.aborted) {
    const opened = performance.now();
    try {
      await follow();
      onEnd(null);
    } catch (error) {
      onEnd(error);
    }
    // A stream that lasted was healthy: the daemon restarted, and is soon back.
    const lasted = performance.now() - opened > longestBackOffMs;
    backOffMs = lasted ? shortestBackOffMs : Math.min(longestBackOffMs, backOffMs * 2);
    // Jitter, so that a node full of rtwatch does not come back in step.
    await pause(backOffMs * (0.5 + Math.random() * 0.5), signal);
  }
}
