import fs from 'node:fs';
import path from 'node:path';
import sea from 'node:sea';
import { exitFlushed } from '../process/exit-flushed.ts';

/** Prints the licenses of rtwatch and of all that is part of it. */
export async function licenses(): Promise<void> {
  process.stdout.write(sea.isSea() ? sea.getAsset('licenses', 'utf8') : textOfBuild());
  await exitFlushed();
}

/** The build writes it beside the program. */
function textOfBuild(): string {
  return fs.readFileSync(path.join(import.meta.dirname, 'licenses.txt'), 'utf8');
}
