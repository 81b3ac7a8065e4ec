import fs from 'node:fs';
import { PassThrough } from 'node:stream';
import { formatMs } from '../base/durations.ts';
import { Child } from '../child/child.ts';
import type { BeginRead, Sample } from '../sample/sample.ts';
import { type Link, type LinkHandlers, type LinkState, type OpenLink, startingState } from '../wire/link.ts';
import { Checkpoint } from '../wire/recording/checkpoint.ts';
import { openStream } from '../wire/stdin.ts';
import { endReason } from './end-reason.ts';

export interface RemoteLinkOptions {
  /** The program and its arguments; it writes Samples to standard output. */
  readonly command: readonly string[];
  /** Its standard input; nothing if not set. */
  readonly inputFile?: string | undefined;
  /** Before it is started again for the first time, in milliseconds. Default: 1s. */
  readonly retryMs?: number;
  /** From SIGTERM to SIGKILL of a program that writes something else, in milliseconds. Default: 3s. */
  readonly graceMs?: number;
}

/** Without a Sample for so long a connection is silent, milliseconds. */
const silentMs = 10_000;
/** Before it is tried again: twice as long after each failure, milliseconds. */
const defaultRetryMs = 1000;
const longestRetryMs = 60_000;
/** ssh closes its connection in less. */
const defaultGraceMs = 3000;
/** A connection that held for so long was a good one, milliseconds. */
const steadyMs = 60_000;

/**
 * The Samples of a node through a command such as ssh, which is started again when it exits. While it runs it is left alone, however
 * silent: a sampler that hangs on the node would hang again, and the stuck ones would pile up there.
 */
export class RemoteLink {
  readonly #command: readonly string[];
  readonly #inputFile: string | undefined;
  readonly #listeners = new Set<LinkHandlers>();
  /** For a listener that comes later: the newest reading of each source. */
  #known = new Checkpoint();
  #state: LinkState = startingState;
  #child: Child | null = null;
  #retry: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  readonly #firstRetryMs: number;
  readonly #graceMs: number;
  #retryMs: number;
  #begin: BeginRead | null = null;
  #isClosed = false;

  constructor(options: RemoteLinkOptions) {
    const { command, inputFile, retryMs = defaultRetryMs, graceMs = defaultGraceMs } = options;
    this.#command = command;
    this.#inputFile = inputFile;
    this.#firstRetryMs = retryMs;
    this.#retryMs = retryMs;
    this.#graceMs = graceMs;
  }

  start(): void {
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#child?.abandon();
    this.#child = null;
  }

  /** What is known, and then what comes; closing it leaves the connection. */
  readonly follow: OpenLink = (handlers): Link => {
    for (const sample of this.#known.samples()) handlers.onSample(sample);
    handlers.onState(this.#state);
    this.#listeners.add(handlers);
    return { close: () => void this.#listeners.delete(handlers), setInterval: null };
  };

  #connect(): void {
    const began = performance.now();
    const bytes = new PassThrough();
    let wrong: string | null = null;
    let file: number | undefined;
    try {
      if (this.#inputFile !== undefined) file = fs.openSync(this.#inputFile, 'r');
    } catch (error) {
      // Without a descriptor left (EMFILE) the next try may have one.
      this.#ended(error instanceof Error ? error.message : String(error), 0);
      return;
    }
    const child = new Child({
      command: this.#command,
      inputFd: file,
      // ssh that asks for a password, or whether a host is to be trusted, would ask across the screen, and take its keys.
      hasOwnSession: true,
      onBytes: (more) => void bytes.write(more),
      onEnd: (end) => {
        bytes.end();
        this.#ended(wrong ?? endReason(end, child.complaints), performance.now() - began);
      },
    });
    if (file !== undefined) fs.closeSync(file);
    this.#child = child;
    openStream(bytes, {
      onSample: (sample) => this.#take(sample),
      onState: (state) => {
        if (state.status !== 'ended') this.#say({ ...this.#state, complaints: state.complaints });
        // Something else than Samples: the program is stopped.
        else if (!this.#isClosed) {
          wrong = state.detail;
          child.stop(this.#graceMs);
        }
      },
    });
  }

  #take(sample: Sample): void {
    this.#begin = sample.begin ?? null;
    this.#known.take(sample);
    for (const { onSample } of this.#listeners) onSample(sample);
    // Also after a silence.
    if (this.#state.status !== 'live') this.#say({ ...this.#state, status: 'live', hangsOn: null, detail: null });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#say({ ...this.#state, status: 'silent', hangsOn: this.#begin }), silentMs);
  }

  #ended(reason: string, lastedMs: number): void {
    clearTimeout(this.#silence);
    if (this.#isClosed) return;
    this.#child = null;
    if (lastedMs >= steadyMs) this.#retryMs = this.#firstRetryMs;
    const detail = `${reason}; tries again after ${formatMs(this.#retryMs)}`;
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
    this.#say({ ...this.#state, status: 'silent', hangsOn: null, restarts: this.#state.restarts + 1, detail });
  }

  #say(state: LinkState): void {
    this.#state = state;
    for (const { onState } of this.#listeners) onState(state);
  }
}
