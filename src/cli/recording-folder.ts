import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exitCodes, ReportedError } from './exit-codes.ts';

interface Bounds {
  /** Bytes of the earlier recordings together. */
  readonly maxSize: number | null;
  /** Milliseconds since their last change. */
  readonly maxAge: number | null;
}

/** A directory of recordings, with the one that is written now. */
interface RecordingFolder {
  readonly file: string;
  readonly close: () => void;
}

const pruneMs = 3_600_000;
/** Nothing else in the directory is touched. */
const ours = /^rtwatch-.+-\d{8}T\d{6}Z\.zst$/;

/**
 * A new file in a directory, which is made if it is absent. Earlier recordings there are pruned now and every hour; the one that is
 * written has the same bounds of its own.
 *
 * @throws ReportedError if the directory cannot be used
 */
export function openFolder(folder: string, bounds: Bounds): RecordingFolder {
  const now = new Date();
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const file = path.join(folder, `rtwatch-${os.hostname()}-${stamp}.zst`);
  const prune = (): void => {
    for (const name of expired(recordingsIn(folder, file), bounds, Date.now()))
      fs.rmSync(path.join(folder, name), { force: true });
  };
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    prune();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReportedError(`--into ${folder}: ${reason}`, exitCodes.cannotWrite);
  }
  // A directory that fails later fails the recording too, which reports it.
  const timer = setInterval(() => {
    try {
      prune();
    } catch {}
  }, pruneMs);
  timer.unref();
  return { file, close: () => clearInterval(timer) };
}

interface Recording {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

function recordingsIn(folder: string, but: string): Recording[] {
  return fs
    .readdirSync(folder)
    .filter((name) => ours.test(name) && path.join(folder, name) !== but)
    .flatMap((name) => {
      const stat = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
      return stat?.isFile() ? [{ name, bytes: stat.size, changedAt: stat.mtimeMs }] : [];
    });
}

/** The names of the recordings that go: the too old, and of the others the oldest that are too many bytes together. */
export function expired(recordings: readonly Recording[], { maxSize, maxAge }: Bounds, now: number): string[] {
  let bytes = 0;
  return recordings
    .toSorted((a, b) => b.changedAt - a.changedAt)
    .filter((recording) => {
      bytes += recording.bytes;
      return (maxSize !== null && bytes > maxSize) || (maxAge !== null && now - recording.changedAt > maxAge);
    })
    .map(({ name }) => name);
}
