import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { headerBytes, roundUp, segmentType, write64, writeSegments } from './elf.ts';
import type { Made } from './executables.ts';
import type { Release } from './release-facts.ts';

const elfHeaderBytes = 64;
/** What is mapped begins at a multiple of the largest page. */
const pageBytes = 65_536;
const loadAt = 0x400000;
/** Where `_start` is in the code: behind `conf` of unpack.c. */
const startAt = 48;

/** Makes `rtwatch-linux-MACHINE-packed`: the executable packed with LZMA behind the code that unpacks it. */
export async function makePacked({ machine, executable }: Made, { preset }: Release): Promise<void> {
  const file = fs.readFileSync(executable);
  // Without literal-position or other parameters than those that unpack.c knows. One thread: the same bytes on every machine.
  const args = ['--format=lzma', `--lzma1=preset=${preset}`, '--keep', '--stdout', executable];
  const { stdout: packed } = await promisify(execFile)('xz', args, { encoding: 'buffer', maxBuffer: 2 ** 30 });
  const code = Buffer.from(fs.readFileSync(path.join(import.meta.dirname, `start/unpack-${machine.name}.bin`)));
  const offset = roundUp(pageBytes + code.length, pageBytes);
  const id = createHash('sha256').update(file).digest().readBigUInt64LE();
  for (const [index, n] of [offset, packed.length, file.length, crc32(file)].entries()) write64(code, n, 8 + index * 8);
  code.writeBigUInt64LE(id, 40);

  const out = Buffer.alloc(offset + packed.length);
  Buffer.from('7f454c46020101', 'hex').copy(out);
  // ET_EXEC, the machine, EV_CURRENT; entry, program headers; sizes.
  out.writeUInt16LE(2, 16);
  out.writeUInt16LE(machine.elf, 18);
  out.writeUInt32LE(1, 20);
  write64(out, loadAt + startAt, 24);
  write64(out, elfHeaderBytes, 32);
  for (const [index, n] of [elfHeaderBytes, headerBytes, 2].entries()) out.writeUInt16LE(n, 52 + index * 2);
  const load = { type: segmentType.load, flags: 5, offset: pageBytes, vaddr: loadAt, align: pageBytes };
  const stack = { type: 0x6474e551, flags: 6, offset: 0, vaddr: 0, filesz: 0, memsz: 0, align: 16 };
  writeSegments(out, [{ ...load, filesz: code.length, memsz: code.length }, stack], elfHeaderBytes, 2);
  code.copy(out, pageBytes);
  packed.copy(out, offset);
  fs.writeFileSync(`${executable}-packed`, out, { mode: 0o755 });
}
