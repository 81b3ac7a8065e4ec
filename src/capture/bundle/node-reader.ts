import { Child } from '../../child/child.ts';
import { type NodeFileLine, processOf, type WantedFiles } from './node-files.ts';

/** Reads for a bundle in a child that can be done without. */
interface NodeReaderOptions {
  /** How to run the reader: it takes the order on standard input and answers with a line for each file. */
  readonly command: readonly string[];
  readonly wanted: WantedFiles;
  readonly onFile: (file: string, text: string, tookMs: number, note: string | null) => void;
  readonly onMissing: (what: string, because: string) => void;
  /** A reader that has said something and then nothing for so long hangs. */
  readonly silenceMs?: number;
  /** For all together. */
  readonly deadlineMs?: number;
}

/** The input of the reader. */
export interface ReaderOrder {
  readonly wanted: WantedFiles;
  /** Files that are there already or hung before, and folders of processes of which one did. */
  readonly skip: readonly string[];
}

const defaultSilenceMs = 2500;
/** Loading the program from a disk that is busy, or on a machine under load, takes its time. */
const loadMs = 10_000;
const defaultDeadlineMs = 14_000;
/** Each file that hangs leaves a process behind that cannot end. */
const maxHangs = 3;

/**
 * Has the node's files read by a child. A silent reader gets SIGKILL (which a hung read may ignore forever) and is
 * abandoned; another one continues after the file that hung. Never rejects and never outlasts its deadline: what could not
 * be read is reported.
 */
export async function readNode(options: NodeReaderOptions): Promise<void> {
  const { wanted, onMissing, deadlineMs = defaultDeadlineMs } = options;
  const until = performance.now() + deadlineMs;
  const skip = new Set<string>();
  for (let hangs = 0; ; hangs++) {
    const outcome = await runReader(options, { wanted, skip: [...skip] }, skip, until);
    if (outcome.kind === 'done') return;
    if (outcome.kind === 'failed') {
      onMissing('files of the node', `the reader process exited: ${outcome.reason}`);
      return;
    }
    const { file } = outcome;
    const process = file === null ? null : processOf(file);
    for (const path of [file, process]) if (path !== null) skip.add(path);
    const others = process === null ? '' : '; the other files of this process were skipped';
    onMissing(file ?? 'files of the node', `reading it hangs${others}`);
    if (hangs + 1 >= maxHangs || performance.now() >= until) {
      onMissing('the rest of the files of the node', 'skipped: too many reads hung');
      return;
    }
  }
}

type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'hung'; readonly file: string | null };

function runReader(
  { command, onFile, onMissing, silenceMs = defaultSilenceMs }: NodeReaderOptions,
  order: ReaderOrder,
  done: Set<string>,
  until: number,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let reading: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (outcome: Outcome): void => {
    clearTimeout(timer);
    child.abandon();
    resolve(outcome);
  };
  const heard = (patienceMs: number): void => {
    clearTimeout(timer);
    const leftMs = Math.max(0, Math.min(patienceMs, until - performance.now()));
    timer = setTimeout(() => settle({ kind: 'hung', file: reading }), leftMs);
  };
  const child = new Child({
    command,
    hasInput: true,
    onLine: (line) => {
      heard(silenceMs);
      const said = parseLine(line);
      if (said === null) return;
      if ('begin' in said) reading = said.begin;
      else if ('file' in said) {
        done.add(said.file);
        onFile(said.file, said.text, said.tookMs, said.note);
      } else {
        done.add(said.missing);
        onMissing(said.missing, said.because);
      }
    },
    onEnd: ({ code, error, complaint }) =>
      settle(code === 0 ? { kind: 'done' } : { kind: 'failed', reason: error?.message ?? complaint ?? `code ${code}` }),
  });
  heard(Math.max(silenceMs, loadMs));
  child.endInput(JSON.stringify(order));
  return promise;
}

function parseLine(line: string): NodeFileLine | null {
  try {
    return JSON.parse(line) as NodeFileLine;
  } catch {
    return null; // Not ours: a warning of the runtime.
  }
}
