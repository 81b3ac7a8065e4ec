import { formatBytes } from '../base/bytes.ts';
import { formatCount } from '../base/counts.ts';
import { CannotWrite } from '../capture/bundle/archive.ts';
import { Child, type ChildEnd } from '../child/child.ts';
import { clean } from '../view/text.ts';
import { type Bundle, makeBundle } from './bundle/make.ts';
import { defaultDumpDir } from './dump-dir.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { exitFlushed } from './exit-flushed.ts';
import { type CollectOptions, passOn } from './options.ts';
import { samplerCommand, selfCommand } from './self.ts';

export interface BundleOptions extends CollectOptions {
  readonly json?: boolean;
  /** A line of JSON at each step, for whoever waits. */
  readonly progress?: boolean;
  readonly zstd?: boolean;
  readonly full?: boolean;
  readonly withSecrets?: boolean;
  /** Bytes of all parts before compression; null for any number. */
  readonly limit: number | null;
  /** This is the process that does it. */
  readonly worker?: boolean;
}

/** Beyond the bundle's own deadlines, which come to 25 s: the rest is for a disk that is slow to write to. */
const deadlineMs = 45_000;
/** Nothing was written yet after this: worth a word. */
const slowMs = 5000;
const interrupted = 130;
const progressMs = 500;
/** More are in the manifest. */
const maxMissingTold = 20;

/**
 * Writes an archive with everything that helps after the incident, and says where.
 *
 * @throws ReportedError
 */
export async function bundle(options: BundleOptions): Promise<void> {
  if (options.worker) await work(options);
  else await supervise(options);
}

/**
 * The work is a child's: the disk that the archive goes to may itself hang, and a process that waits for it cannot even
 * end. What it says is passed on, rather than said by itself: whoever reads it would wait for the child's end.
 */
async function supervise(options: BundleOptions): Promise<void> {
  const folder = clean(options.dumpDir ?? defaultDumpDir(process.env));
  // The first word comes when the file is there.
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
  process.stderr.write(
    `rtwatch: bundle: ${folder} takes no data, as a disk that hangs does: name another folder with --dump-dir\n`,
  );
  leave(child, exitCodes.cannotWrite);
}

/** Without waiting for a child that may never exit. */
function leave(child: Child, code: number): never {
  child.abandon();
  process.exit(code);
}

function workerArgs(options: BundleOptions): string[] {
  const { json, progress, zstd, full, withSecrets, limit, interval } = options;
  return [
    ...['--worker', '--limit', limit === null ? 'none' : String(limit), '--interval', `${interval}ms`],
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
    // Not once: a second signal, passed on by the parent, must not end it before the half archive is gone.
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
      maxBytes: options.limit ?? Number.MAX_SAFE_INTEGER,
      withSecrets: options.withSecrets ?? false,
      full: options.full ?? false,
      command: selfCommand(),
      samplerCommand: samplerCommand(),
      signal: given.signal,
      ...sayProgress(options),
    });
    tell(made, options);
  } catch (error) {
    if (error instanceof CannotWrite) throw new ReportedError(`bundle: ${clean(error.message)}`, exitCodes.cannotWrite);
    throw error;
  }
  // Children that hang in the kernel must not keep it.
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

function tell({ path, bytes, entries, missing, moreMissing }: Bundle, { json }: BundleOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ path, bytes, entries: entries.length, missing, moreMissing })}\n`);
    return;
  }
  for (const { what, because } of missing.slice(0, maxMissingTold)) {
    process.stderr.write(`rtwatch: not in it: ${clean(`${what}: ${because}`)}\n`);
  }
  const more = missing.length - maxMissingTold + moreMissing;
  if (more > 0) process.stderr.write(`rtwatch: and ${formatCount(more)} more, see its MANIFEST.txt\n`);
  process.stdout.write(`${clean(path)}: ${formatCount(entries.length)} files, ${formatBytes(bytes)}\n`);
}
