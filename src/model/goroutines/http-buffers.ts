import type { HeapSample } from '../../sample/heap.ts';
import type { HeapAmounts, HeapFunction } from './heap-amounts.ts';

/** HTTP connections by the buffers they hold. */
export interface HttpConnections {
  /** About how many. Go samples the heap, so it may be a third too few or too many. */
  readonly connections: number;
  /** All that buffered readers and writers hold. */
  readonly bytes: number;
  /** Of what is in use. */
  readonly share: number;
}

/** Fewer bytes are a handful of sampled allocations, and prove nothing. */
const minBytes = 4 * 1024 * 1024;
const minShare = 0.2;
const topCount = 5;
const bufferFunctions = ['bufio.NewReaderSize', 'bufio.NewWriterSize'];

/** net/http/server.go: `serve` makes a reader and a writer for each connection, `newBufioReader` and `newBufioWriterSize(…, 4<<10)`. */
const bytesPerBuffer = 4096;
const makers = ['net/http.newBufioReader', 'net/http.newBufioWriterSize'];

/**
 * The sign of connections that never end: buffered readers and writers on top of the heap. Handlers that hang hold them;
 * the bytes are not a leak of the heap itself.
 */
export class HttpBuffers {
  #connectionBytes = 0;

  /**
   * Each request has further buffers (2 KiB of its response, a reader of the debug middleware): they are not counted here.
   */
  add({ frames, inuseBytes }: HeapSample): void {
    const maker = frames.findIndex(({ func }) => makers.includes(func));
    if (maker !== -1 && frames[maker + 1]?.func === 'net/http.(*conn).serve') this.#connectionBytes += inuseBytes;
  }

  /** `functions` are sorted by what they hold. */
  finish(functions: readonly HeapFunction[], total: HeapAmounts): HttpConnections | null {
    const buffers = functions.slice(0, topCount).filter(({ func }) => bufferFunctions.includes(func));
    const bytes = buffers.reduce((sum, { flat }) => sum + flat.inuseBytes, 0);
    const share = total.inuseBytes === 0 ? 0 : bytes / total.inuseBytes;
    if (buffers.length < bufferFunctions.length || bytes < minBytes || share < minShare) return null;
    // If the stacks do not show the creator of the buffers, all count as those of connections.
    const ofConnections = this.#connectionBytes === 0 ? bytes : this.#connectionBytes;
    return { connections: Math.round(ofConnections / (2 * bytesPerBuffer)), bytes, share };
  }
}
