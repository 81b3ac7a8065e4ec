import { startProgram } from './start.ts';

/** How a program that had the terminal ended. */
interface ForegroundEnd {
  /** Null if a signal ended it, or it did not start. */
  readonly code: number | null;
  /** It was stopped by SIGTERM. */
  readonly left: boolean;
  /** The last lines of standard error, as they came. */
  readonly complaints: readonly string[];
}

interface ForegroundOptions {
  readonly env: NodeJS.ProcessEnv;
  /** `null`: it reads keys from /dev/tty alone, as a pipeline of ssh and a screen does. ssh takes every other key from standard input. */
  readonly input: 'terminal' | null;
}

const keptComplaint = 4000;
const keptLines = 3;

/**
 * Runs a program that has the terminal until it exits. Standard error is kept, because a program
 * such as ssh would write it across the other's screen. Ctrl-C reaches only the program.
 */
export function runInForeground(command: readonly string[], { env, input }: ForegroundOptions): Promise<ForegroundEnd> {
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  return new Promise<ForegroundEnd>((resolve) => {
    const child = startProgram(command, { stdio: [input === null ? 'ignore' : 'inherit', 'inherit', 'pipe'], env });
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-keptComplaint);
    });
    child.on('error', ({ message }) => resolve({ code: null, left: false, complaints: [message] }));
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      // What it started may hold the pipe for longer.
      child.stderr?.destroy();
      const lines = text.split('\n').map((line) => line.trim());
      const complaints = lines.filter((line) => line !== '').slice(-keptLines);
      resolve({ code, left: signal === 'SIGTERM', complaints });
    };
    child.on('close', end);
    child.on('exit', (code, signal) => {
      if (signal === 'SIGTERM') end(code, signal);
    });
  }).finally(() => process.off('SIGINT', ignore));
}
