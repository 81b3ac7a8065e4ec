import type { ChildProcess } from 'node:child_process';

type Readable = NonNullable<ChildProcess['stdout']>;

/** What libuv reads a pipe with. Node.js has no public way to let bytes wait in the kernel: a paused stream goes on reading into memory. */
interface ReadHandle {
  readonly readStart: () => void;
  readonly readStop: () => void;
}

/** More than this may be the beginning of more than the pipe holds: its writer would wait. */
const smallLength = 16 * 1024;

/**
 * After a small read that ends with a line the next one waits, so that lines written shortly after one another wake this process once, not
 * each. No rest follows a read of what came during a rest: where nothing more comes, its end would wake this process for nothing. Does nothing where
 * the runtime does not allow it.
 */
export function restBetweenReads(stream: Readable, restMs: number): void {
  let hasRested = false;
  const goOn = (): void => {
    const handle = handleOf(stream);
    if (handle === null) return;
    hasRested = true;
    handle.readStart();
    // What came meanwhile is read before that.
    setImmediate(() => {
      hasRested = false;
    });
  };
  stream.on('data', (text: string) => {
    const handle = handleOf(stream);
    if (handle === null || hasRested || text.length > smallLength || !text.endsWith('\n')) return;
    handle.readStop();
    setTimeout(goOn, restMs);
  });
}

/** Null once the stream is destroyed. */
function handleOf(stream: Readable): ReadHandle | null {
  const { _handle: handle } = stream as { readonly _handle?: Partial<ReadHandle> | null };
  if (typeof handle?.readStop !== 'function' || typeof handle.readStart !== 'function') return null;
  return handle as ReadHandle;
}
