import type { ChildProcess } from 'node:child_process';
import { formatMs } from '../../base/durations.ts';
import { startProgram } from '../../child/start.ts';

/** Milliseconds since 1970; null for no bound. */
export interface JournalRange {
  readonly since: number | null;
  readonly until: number | null;
}

interface JournalOptions {
  /** The program. */
  readonly command?: string;
  /** When one that says nothing is given up. */
  readonly silenceMs?: number;
}

/** journalctl opens every file of the journal before its first line, which takes seconds on a slow disk. */
const longestSilenceMs = 60_000;
const keptComplaint = 4000;

/**
 * All that journalctl shows of a range, as it comes and no faster than it is taken. It is a process of its own: one that is
 * silent for a minute is abandoned.
 *
 * @throws with journalctl's own words
 */
export async function* readJournal(range: JournalRange, options: JournalOptions = {}): AsyncGenerator<Buffer> {
  const { command = 'journalctl', silenceMs = longestSilenceMs } = options;
  const child = startProgram([command, ...journalArguments(range)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  let complaint = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-keptComplaint);
  });
  const failure = new Promise<Error | null>((resolve) => {
    child.on('error', (error) => resolve(error));
    child.on('close', (code) =>
      resolve(code === 0 ? null : new Error(complaint.trim().split('\n').at(-1) || `journalctl exited with ${code}`)),
    );
  });
  child.on('error', () => stdout?.destroy());
  try {
    const chunks: AsyncIterator<Buffer> | undefined = stdout?.[Symbol.asyncIterator]();
    while (chunks !== undefined) {
      const next = await withDeadline(chunks.next(), silenceMs);
      if (next.done === true) break;
      yield next.value;
    }
    const error = await withDeadline(failure, silenceMs);
    if (error !== null) throw error;
  } catch (error) {
    // Its pipe was closed because it could not be started: that reason says more.
    if (child.pid === undefined) throw (await failure) ?? error;
    throw error;
  } finally {
    abandon(child);
  }
}

function journalArguments({ since, until }: JournalRange): string[] {
  const at = (name: string, moment: number | null, round: (seconds: number) => number): string[] =>
    moment === null ? [] : [`--${name}=@${round(moment / 1000)}`];
  return [
    '--output=json',
    '--no-pager',
    '--quiet',
    ...at('since', since, Math.floor),
    ...at('until', until, Math.ceil),
  ];
}

async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`journalctl says nothing for ${formatMs(ms)}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One that hangs in the kernel ignores SIGKILL, and must not keep this process. */
function abandon(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
