import { type ChildProcess, spawn } from 'node:child_process';
import type { BeginRead, Sample } from '../sample/sample.ts';
import { type Link, type LinkHandlers, type LinkState, startingState } from './link.ts';
import { decodeSample, Lines } from './ndjson.ts';

export interface LiveOptions {
  /** How to run this program: node, its flags, the script. */
  readonly command: readonly string[];
  /** Options of `rtwatch sample` that the user gave, without `--interval`. */
  readonly args: readonly string[];
  readonly intervalMs: number;
  /** A sampler that is silent for longer than this, beyond its heartbeat of a second, hangs. Default: five seconds. */
  readonly silenceMs?: number;
}

const defaultSilenceMs = 5000;
const heartbeatMs = 1000;
/** Loading the program from a disk that is busy can take this long. */
const startMs = 30_000;
/** A sampler that ends is started again after this, and later each time it ends at once. */
const shortestBackOffMs = 250;
const longestBackOffMs = 10_000;
const watchMs = 500;
/** A careful sampler that got this far has read everything once: nothing hangs any more. Being careful is dear. */
const carefulMs = 15_000;
/** Exit code of bad usage: starting again would not help. */
const badUsage = 64;

/**
 * Runs the sampler as a child and keeps one running.
 *
 * A read that hangs in the kernel cannot be cancelled, and a Node process with one cannot even exit. So nobody waits: a
 * silent sampler gets SIGKILL (which a hung read may ignore for ever), is forgotten, and another one is started. The
 * first time, the next sampler announces every file, to learn which one hangs; from then on that file is left out.
 */
export function openLive(options: LiveOptions, handlers: LinkHandlers): Link {
  return new LiveLink(options, handlers);
}

class LiveLink implements Link {
  readonly #options: LiveOptions;
  readonly #handlers: LinkHandlers;
  readonly #watch: NodeJS.Timeout;
  #intervalMs: number;
  readonly #silenceMs: number;
  #child: ChildProcess | null = null;
  #state: LinkState = startingState;
  #heardAt = performance.now();
  #startedAt = performance.now();
  #checkedAt = performance.now();
  /** The present sampler has written a line. */
  #spoke = false;
  #begin: BeginRead | null = null;
  #failures = 0;
  #restarting: NodeJS.Timeout | undefined;
  /** The sampler announces every file it reads. */
  #careful = false;
  readonly #avoid = new Set<string>();
  readonly #disabled = new Set<string>();

  constructor(options: LiveOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#intervalMs = options.intervalMs;
    this.#silenceMs = options.silenceMs ?? defaultSilenceMs;
    this.#start();
    this.#watch = setInterval(() => this.#check(), watchMs);
  }

  readonly close = (): void => {
    clearInterval(this.#watch);
    clearTimeout(this.#restarting);
    this.#abandon();
  };

  readonly setInterval = (intervalMs: number): void => {
    this.#intervalMs = intervalMs;
    this.#restart(0);
  };

  #start(): void {
    const [program = '', ...before] = this.#options.command;
    const child = spawn(program, [...before, 'sample', ...this.#options.args, ...this.#ownArgs()], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#begin = null;
    this.#spoke = false;
    this.#heardAt = this.#startedAt = performance.now();
    const lines = new Lines();
    const complaints: string[] = [];
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      if (this.#child !== child) return;
      try {
        for (const line of lines.feed(chunk)) this.#hear(decodeSample(line));
      } catch (error) {
        complaints.push(error instanceof Error ? error.message : String(error));
        child.kill('SIGKILL');
      }
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      complaints.push(chunk);
      complaints.splice(0, complaints.length - 20);
    });
    child.on('error', (error) => this.#ended(child, null, error.message));
    child.on('close', (code) => this.#ended(child, code, lastLine(complaints)));
  }

  #ownArgs(): string[] {
    return [
      ...['--interval', `${this.#intervalMs}ms`],
      ...(this.#careful ? ['--announce-all'] : []),
      ...[...this.#avoid].flatMap((path) => ['--avoid', path]),
      ...[...this.#disabled].flatMap((source) => ['--disable', source]),
    ];
  }

  #hear(sample: Sample): void {
    this.#heardAt = performance.now();
    this.#spoke = true;
    this.#begin = sample.begin ?? null;
    const agedMs = performance.now() - this.#startedAt;
    if (agedMs > this.#silenceMs) this.#failures = 0;
    if (this.#careful && agedMs > carefulMs) {
      this.#careful = false;
      this.#restart(0);
      return;
    }
    if (this.#state.status !== 'live') this.#tell({ status: 'live', hangsOn: null, detail: null });
    this.#handlers.onSample(sample);
  }

  #check(): void {
    const now = performance.now();
    // This process itself stood still (suspend, SIGSTOP): what the sampler wrote meanwhile has not been read yet.
    if (now - this.#checkedAt > watchMs * 4) this.#heardAt = now;
    this.#checkedAt = now;
    const silentMs = now - this.#heardAt;
    if (this.#child === null || silentMs < heartbeatMs + watchMs) return;
    if (this.#state.status === 'live') this.#tell({ status: 'silent', hangsOn: this.#begin });
    if (silentMs < (this.#spoke ? heartbeatMs + this.#silenceMs : startMs)) return;
    this.#learn();
    this.#restart(0);
  }

  /**
   * What the sampler that hangs was doing decides how the next one goes about it. Only a careful one announces every
   * file, so only its last word names the file that hangs.
   */
  #learn(): void {
    if (this.#begin === null) return;
    if (!this.#careful) {
      this.#careful = true;
      return;
    }
    const { source, path } = this.#begin;
    if (path === undefined) this.#disabled.add(source);
    // A process has more files that would hang next.
    else this.#avoid.add(/^.*\/\d+(?=\/)/.exec(path)?.[0] ?? path);
    this.#tell({ leftOut: [...this.#avoid, ...this.#disabled] });
  }

  #restart(afterMs: number): void {
    this.#abandon();
    clearTimeout(this.#restarting);
    this.#restarting = setTimeout(() => {
      this.#tell({ restarts: this.#state.restarts + 1 });
      this.#start();
    }, afterMs);
  }

  #ended(child: ChildProcess, code: number | null, complaint: string | null): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (code === badUsage) {
      clearInterval(this.#watch);
      this.#tell({ status: 'ended', detail: complaint ?? 'the sampler does not know its options' });
      return;
    }
    this.#failures++;
    this.#tell({ status: 'silent', hangsOn: null, detail: complaint });
    this.#restart(Math.min(longestBackOffMs, shortestBackOffMs * 2 ** (this.#failures - 1)));
  }

  /** Lets go of the child without waiting: it may never end. */
  #abandon(): void {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.unref();
  }

  #tell(change: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...change };
    this.#handlers.onState(this.#state);
  }
}

function lastLine(complaints: readonly string[]): string | null {
  const lines = complaints
    .join('')
    .split('\n')
    .filter((line) => line.trim() !== '');
  // Node prints the stack below the message; the message says it.
  const line = lines.find((line) => /^(?:\w*Error|rtwatch): /.test(line)) ?? lines.at(-1);
  return line?.replace(/^rtwatch: /, '') ?? null;
}
