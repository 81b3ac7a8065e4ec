import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Goroutine } from '../../../../src/sample/goroutines.ts';

/** The bytes of a recorded dump, unpacked. */
export function recording(name: string): Buffer {
  return gunzipSync(fs.readFileSync(path.join(import.meta.dirname, '../../../recordings/goroutines', `${name}.gz`)));
}

/** How many goroutines have which function as their leaf. */
export function leavesOf(goroutines: readonly Goroutine[]): Record<string, number> {
  const leaves: Record<string, number> = {};
  for (const { count, frames } of goroutines) {
    const leaf = frames[0]?.func ?? '';
    leaves[leaf] = (leaves[leaf] ?? 0) + count;
  }
  return leaves;
}

/** How many stacks hold these functions in this order, one right above the other. */
export function stacksWith(goroutines: readonly Goroutine[], ...names: readonly string[]): number {
  return goroutines
    .filter(({ frames }) =>
      frames.some((_, at) => names.every((name, i) => frames[at + i]?.func.endsWith(name) ?? false)),
    )
    .reduce((sum, { count }) => sum + count, 0);
}
