import { type CrioStorage, parseCrioInfo } from '../../parse/cri/crio-info.ts';
import { DebugClient } from '../daemons/debug-client.ts';

const deadlineMs = 5000;
/** Where it failed it is requested again after this. */
const againMs = 60_000;

/** Where a CRI-O keeps its containers: requested once for each process, over a connection that is closed again. */
export class CrioStorageReader {
  readonly #socketPath: string;
  #value: CrioStorage | null = null;
  #dueAt = Number.NEGATIVE_INFINITY;
  #abort: AbortController | null = null;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Null before the first answer. */
  get value(): CrioStorage | null {
    return this.#value;
  }

  /** Sends the request if it is due; never rejects. */
  async poll(): Promise<void> {
    const now = performance.now();
    if (this.#abort !== null || now < this.#dueAt) return;
    this.#dueAt = now + againMs;
    const abort = new AbortController();
    this.#abort = abort;
    const client = DebugClient.forCrio(this.#socketPath);
    try {
      const text = await client.get('/info', AbortSignal.any([abort.signal, AbortSignal.timeout(deadlineMs)]));
      this.#value = parseCrioInfo(text);
      if (this.#value !== null) this.#dueAt = Number.POSITIVE_INFINITY;
    } catch {
      // Without it the usual place is assumed, and the ping says whether CRI-O answers.
    } finally {
      // Kept ones would stay with CRI-O (cri-o#9360).
      client.close();
      this.#abort = null;
    }
  }

  /** Another process listens there now. */
  expire(): void {
    this.#dueAt = Number.NEGATIVE_INFINITY;
  }

  stop(): void {
    this.#abort?.abort();
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
