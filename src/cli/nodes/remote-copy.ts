import fs from 'node:fs';
import readline from 'node:readline/promises';
import sea from 'node:sea';
import { formatBytes } from '../../base/bytes.ts';
import { countOf } from '../../base/counts.ts';
import { fileTrouble } from '../../base/file-trouble.ts';
import { openRegular } from '../../collect/regular-file.ts';
import { type CopiedProgram, machineOf } from '../../remote/copied-program.ts';
import { clean } from '../../view/text.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/**
 * The file that is copied to the nodes.
 *
 * @param file as named by the reader; without one this program itself, if it is one file
 */
export function programToCopy(file: string | undefined): CopiedProgram {
  if (file === undefined && !sea.isSea()) {
    const what = 'this rtwatch is not one file that can be copied';
    throw new ReportedError(`${what}. Name one of a release with --copy-file FILE`, exitCodes.badUsage);
  }
  // The link leads to this program also after its file was replaced.
  const named = file ?? '/proc/self/exe';
  const { opened, header, bytes } = beginning(named);
  const machine = machineOf(header);
  if (machine === undefined) {
    throw new ReportedError(`${clean(named)} is no program for x86_64 or aarch64`, exitCodes.badUsage);
  }
  // A connection that is made again brings the same bytes, whatever became of the name.
  return { file: `/proc/self/fd/${opened}`, bytes, machine };
}

/** The file stays open. */
function beginning(file: string): { opened: number; header: Buffer; bytes: number } {
  try {
    const opened = openRegular(file);
    if (opened === null) throw new Error('it is not a regular file');
    const header = Buffer.alloc(20);
    const length = fs.readSync(opened, header);
    return { opened, header: header.subarray(0, length), bytes: fs.fstatSync(opened).size };
  } catch (error) {
    throw new ReportedError(`${clean(file)} cannot be read: ${fileTrouble(error)}`, exitCodes.badUsage);
  }
}

/** Asks on the terminal; anything but y is no. */
export async function agreesToCopy({ bytes }: CopiedProgram, names: readonly string[]): Promise<boolean> {
  const shell = readline.createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => shell.once('close', () => resolve('')));
  const what = `Copies rtwatch (${formatBytes(bytes)}) to a temporary folder of ${countOf(names.length, 'node')}`;
  const question = `${what}: ${names.map(clean).join(', ')}.\nIt is removed there before it runs. Copy? [y/N] `;
  const answer = await Promise.race([shell.question(question), closed]);
  shell.close();
  return /^y(es)?$/i.test(answer.trim());
}
