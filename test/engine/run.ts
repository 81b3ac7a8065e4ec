import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** When the command gets SIGKILL; its status is null then. */
  readonly timeoutMs?: number;
}

export interface Ended {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end, whatever the end is.
 *
 * @throws when it cannot be started
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { timeoutMs = 120_000, ...rest } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(command, args, {
    env: toolEnv(),
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.on('error', reject);
  child.on('close', (status) => resolve({ status, stdout, stderr }));
  return promise;
}

/**
 * Runs a command that has to succeed; resolves with what it printed, without the line end.
 *
 * @throws when it ends with anything but 0, with what it said
 */
export async function succeed(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, options);
  if (status === 0) return stdout.trimEnd();
  const outcome = status === null ? 'killed' : `status ${status}`;
  throw new Error(`${command} ${args.join(' ')}: ${outcome}\n${stderr}${stdout}`);
}

/** This process's environment, with the directories of dockerd, mkfs and fsfreeze, which not every PATH has. */
export function toolEnv(): NodeJS.ProcessEnv {
  const searched = [process.env['PATH'], '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return { ...process.env, PATH: searched.filter(Boolean).join(':') };
}
