import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileTrouble } from '../../base/file-trouble.ts';
import { makeFolder } from '../../capture/make-folder.ts';
import type { RecordingBounds } from '../options/recording-bounds.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

const pruneMs = 3_600_000;
/** Nothing else in the directory is touched. */
const ours = /^rtwatch-.+-\d{8}T\d{6}Z\.zst$/;

/** The path of a new recording in a directory, named by node and time. Reads and makes nothing. */
export function newRecordingIn(folder: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return path.join(folder, `rtwatch-${os.hostname()}-${stamp}.zst`);
}

/**
 * Makes the directory of a new recording if it is absent, and prunes earlier ones there now and every hour; the new one has the same bounds
 * of its own. Only in the process that writes it: the disk may hang.
 *
 * @throws ReportedError if the directory cannot be used
 */
export function pruneBeside(file: string, bounds: RecordingBounds): void {
  const folder = path.dirname(file);
  const prune = (): void => {
    for (const name of expired(recordingsIn(folder, file), bounds, Date.now()))
      fs.rmSync(path.join(folder, name), { force: true });
  };
  try {
    makeFolder(folder);
    prune();
  } catch (error) {
    throw new ReportedError(`no recordings can be kept in ${folder}: ${fileTrouble(error)}`, exitCodes.cannotWrite);
  }
  // A directory that fails later fails the recording too, which reports it.
  setInterval(() => {
    try {
      prune();
    } catch {}
  }, pruneMs).unref();
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
export function expired(recordings: readonly Recording[], { maxSize, maxAge }: RecordingBounds, now: number): string[] {
  let bytes = 0;
  return recordings
    .toSorted((a, b) => b.changedAt - a.changedAt)
    .filter((recording) => {
      bytes += recording.bytes;
      return bytes > maxSize || (maxAge !== null && now - recording.changedAt > maxAge);
    })
    .map(({ name }) => name);
}
