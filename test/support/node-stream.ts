import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';

/** A program that writes these Samples, as ssh does, and then for ever one without readings each second. */
export function nodeStream(samples: readonly Sample[]): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-remote-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'samples');
  const beat = path.join(folder, 'beat');
  fs.writeFileSync(file, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  fs.writeFileSync(beat, `${JSON.stringify({ ...samples.at(-1), readings: {} })}\n`);
  return ['/bin/sh', '-c', `cat '${file}'; while cat '${beat}'; do sleep 1; done`];
}

/** A program that says this on standard error, and exits as ssh does without a connection. */
export const brokenSsh = (says: string): string[] => ['/bin/sh', '-c', `echo '${says}' >&2; exit 255`];
