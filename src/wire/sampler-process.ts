import { type ChildProcess, spawn } from 'node:child_process';
import type { Sample } from '../sample/sample.ts';
import { decodeSample, Lines } from './ndjson.ts';

export interface SamplerHandlers {
  readonly onSample: (sample: Sample) => void;
  /** It ended by itself: its exit code, null when a signal did it or it never started; and its last words. */
  readonly onEnd: (code: number | null, complaint: string | null) => void;
}

/** Lines of standard error that are kept for the case that it ends. */
const keptComplaints = 20;

/** One child that runs `rtwatch sample`. Nothing is heard of it any more once it was abandoned. */
export class SamplerProcess {
  readonly #child: ChildProcess;
  readonly #complaints: string[] = [];
  #abandoned = false;

  /**
   * @param command how to run this program
   * @param args options of `rtwatch sample`
   */
  constructor(command: readonly string[], args: readonly string[], handlers: SamplerHandlers) {
    const [program = '', ...before] = command;
    const child = spawn(program, [...before, 'sample', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const lines = new Lines();
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => this.#take(lines, chunk, handlers.onSample));
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      this.#complaints.push(chunk);
      this.#complaints.splice(0, this.#complaints.length - keptComplaints);
    });
    const end = (code: number | null, complaint: string | null): void => {
      if (this.#abandoned) return;
      this.#abandoned = true;
      handlers.onEnd(code, complaint);
    };
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code) => end(code, lastLine(this.#complaints)));
  }

  /** Whether the kernel still has it: a read that hangs may ignore SIGKILL for as long as it hangs. */
  get isLeft(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends SIGKILL and lets go of it without waiting: it may never end. */
  abandon(): void {
    this.#abandoned = true;
    this.#child.kill('SIGKILL');
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#child.unref();
  }

  #take(lines: Lines, chunk: string, onSample: (sample: Sample) => void): void {
    try {
      for (const line of lines.feed(chunk)) {
        if (this.#abandoned) return;
        onSample(decodeSample(line));
      }
    } catch (error) {
      this.#complaints.push(error instanceof Error ? error.message : String(error));
      this.#child.kill('SIGKILL');
    }
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
