import { spawn } from 'node:child_process';

/** What a key can have done, besides looking. Each runs as a process of its own: the screen never waits, and can let go. */
export interface Actions {
  /** Dumps all goroutines of a daemon to a file. */
  readonly dump: (daemon: string, endpoint: string | null) => Promise<DumpOutcome>;
  /** The engine's inspect of a container, as JSON. */
  readonly inspect: (containerId: string) => Promise<string>;
}

export interface DumpOutcome {
  readonly path: string;
  readonly goroutines: number;
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Beyond the commands' own deadlines: these only end a process that hangs. */
const dumpDeadlineMs = 150_000;
const inspectDeadlineMs = 10_000;
const maxAnswerLength = 16 * 1024 * 1024;

/**
 * @param command how to run this program
 * @param options those of the user that say where the engine is and where dumps go
 */
export function openActions(command: readonly string[], options: readonly string[]): Actions {
  return {
    dump: async (daemon, endpoint) => {
      const url = endpoint === null ? [] : ['--pprof', `${daemon}=${endpoint}`];
      return JSON.parse(
        await runSelf([...command, 'dump', daemon, '--json', ...options, ...url], dumpDeadlineMs),
      ) as DumpOutcome;
    },
    inspect: (containerId) => runSelf([...command, 'inspect', containerId, ...options], inspectDeadlineMs),
  };
}

/** Runs this program and gives what it prints; rejects with what it complained of. */
function runSelf([program = '', ...args]: readonly string[], deadlineMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let answer = '';
    let complaint = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      reject(new Error(`no answer within ${deadlineMs / 1000} s`));
    }, deadlineMs);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
      if (answer.length > maxAnswerLength) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(answer);
      else reject(new Error(complaint.replace(/^rtwatch: /, '').trim() || `ended with code ${code}`));
    });
  });
}
