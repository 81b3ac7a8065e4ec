import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { CannotWrite } from '../../capture/bundle/archive.ts';
import { Child, type ChildEnd } from '../../child/child.ts';
import { clean } from '../../view/text.ts';
import { type Bundle, makeBundle } from '../bundle/make.ts';
import { type CollectOptions, passOn } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';
import { samplerCommand, selfCommand } from '../process/self.ts';
import { defaultDumpDir } from '../settings/dump-dir.ts';

export interface BundleOptions extends CollectOptions {
  readonly json?: boolean;
  /** Print progress as JSON. */
  readonly progress?: boolean;
  readonly zstd?: boolean;
  readonly full?: boolean;
  readonly withSecrets?: boolean;
  /** Bytes of all parts before compression; Infinity for no limit. */
  readonly limit: number;
  /** Do the work in this process. */
  readonly worker?: boolean;
}

/** Longer than the bundle's own deadlines (39 s together): the rest is for a slow disk. */
const deadlineMs = 45_000;
/** If nothing is written after this, say so. */
const slowMs = 5000;
const interrupted = 130;
const progressMs = 500;
/** More are in the manifest. */
const maxMissingShown = 20;

/**
 * Writes an archive for a ticket and prints its path.
 *
 * @throws ReportedError
 */
export async function bundle(options: BundleOptions): Promise<void> {
  if (options.worker) await work(options);
  else await supervise(options);
}

/**
 * A child does the work: the disk for the archive may hang, and a process blocked on it cannot exit. Its output is passed
 * on: with an inherited stdout, a reader would wait for the child to exit.
 */
async function supervise(options: BundleOptions): Promise<void> {
  const folder = clean(options.dumpDir ?? defaultDumpDir(process.env));
  // The first output comes once the file is open.
  const slow = setTimeout(() => process.stderr.write(`rtwatch: waiting for a file in ${folder}\n`), slowMs);
  const ended = Promise.withResolvers<ChildEnd>();
  const child = new Child({
    command: [...selfCommand(), 'bundle', ...workerArgs(options)],
    deadlineMs,
    onBytes: (bytes) => {
      clearTimeout(slow);
      process.stdout.write(bytes);
    },
    onComplaint: (text) => {
      clearTimeout(slow);
      process.stderr.write(text);
    },
    onEnd: ended.resolve,
  });
  let asked: NodeJS.Signals | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second request does not wait for the disk.
      if (asked !== null) leave(child, interrupted);
      asked = signal;
      child.signal(signal);
    });
  }
  const { kind, code, error } = await ended.promise;
  if (error !== null) throw new ReportedError(`bundle: ${error.message}`);
  if (kind !== 'deadline') process.exit(code ?? (asked === null ? exitCodes.ownFault : interrupted));
  process.stderr.write(`rtwatch: bundle: writes to ${folder} hang. Name another folder with --dump-dir\n`);
  leave(child, exitCodes.cannotWrite);
}

/** Exits without waiting for the child, which may be blocked. */
function leave(child: Child, code: number): never {
  child.abandon();
  process.exit(code);
}

function workerArgs(options: BundleOptions): string[] {
  const { json, progress, zstd, full, withSecrets, limit, interval } = options;
  return [
    ...['--worker', '--limit', Number.isFinite(limit) ? String(limit) : 'none', '--interval', `${interval}ms`],
    ...(json ? ['--json'] : []),
    ...(progress ? ['--progress'] : []),
    ...(zstd ? ['--zstd'] : []),
    ...(full ? ['--full'] : []),
    ...(withSecrets ? ['--with-secrets'] : []),
    ...passOn(options),
  ];
}

async function work(options: BundleOptions): Promise<void> {
  const given = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Not `once`: a second signal from the parent must not kill it before the partial archive is removed.
    process.on(signal, () => {
      given.abort();
      process.exit(interrupted);
    });
  }
  try {
    const made = await makeBundle({
      options,
      folder: options.dumpDir ?? defaultDumpDir(process.env),
      compression: options.zstd ? 'zst' : 'gz',
      maxBytes: Math.min(options.limit, Number.MAX_SAFE_INTEGER),
      withSecrets: options.withSecrets ?? false,
      full: options.full ?? false,
      command: selfCommand(),
      samplerCommand: samplerCommand(),
      signal: given.signal,
      ...sayProgress(options),
    });
    print(made, options);
  } catch (error) {
    if (error instanceof CannotWrite) throw new ReportedError(`bundle: ${clean(error.message)}`, exitCodes.cannotWrite);
    throw error;
  }
  // Children blocked in the kernel must not delay the exit.
  await exitFlushed(exitCodes.ok);
}

function sayProgress({ progress }: BundleOptions): {
  readonly onStep: (step: string) => void;
  readonly onProgress: (entries: number, bytes: number) => void;
} {
  let step = '';
  let saidAt = 0;
  let so = { entries: 0, bytes: 0 };
  const say = (): void => {
    saidAt = performance.now();
    process.stdout.write(`${JSON.stringify({ step, ...so })}\n`);
  };
  return {
    onStep: (next) => {
      step = next;
      if (progress) say();
      else process.stderr.write(`rtwatch: ${next}\n`);
    },
    onProgress: (entries, bytes) => {
      so = { entries, bytes };
      if (progress && performance.now() - saidAt >= progressMs) say();
    },
  };
}

function print({ path, bytes, entries, missing, moreMissing }: Bundle, { json }: BundleOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ path, bytes, entries: entries.length, missing, moreMissing })}\n`);
    return;
  }
  for (const { what, because } of missing.slice(0, maxMissingShown)) {
    process.stderr.write(`rtwatch: missing: ${clean(`${what}: ${because}`)}\n`);
  }
  const more = missing.length - maxMissingShown + moreMissing;
  if (more > 0) process.stderr.write(`rtwatch: missing: ${formatCount(more)} more, see MANIFEST.txt\n`);
  process.stdout.write(`${clean(path)}: ${formatCount(entries.length)} files, ${formatBytes(bytes)}\n`);
}
