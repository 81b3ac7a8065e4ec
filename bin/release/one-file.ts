import fs from 'node:fs';
import path from 'node:path';
import {
  Dynamic,
  headerBytes,
  read64,
  roundUp,
  type Segment,
  segmentsOf,
  segmentType,
  write64,
  writeSegments,
} from './elf.ts';
import type { Target } from './targets.ts';

/** The largest page of these machines: what is mapped, and the libraries, begin at a multiple. */
const pageBytes = 65_536;
/** `DT_NEEDED` strings are `/proc/self/fd/N`, written at start. */
const nameBytes = 32;
/** How many more program headers ld.so is shown. */
const moreHeaders = 4;
/** Where `_start` is in the start code: behind `conf` of start.c. */
const startAt = 0x120;
const fuse = Buffer.from('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0');

const dynamicTag = { strings: 5, stringBytes: 10 } as const;

/** Something that is appended to the file; `vaddr` if it is mapped at start. */
interface Piece {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly vaddr: number;
}

/**
 * The single-file executable: Node.js's own ELF file with the SEA blob, the start code, ld.so and its libraries, and the addon (bin/pages/).
 *
 * No tool for ELF files is needed, and no section or symbol is kept. Changed in Node.js are the program headers (PHDR, INTERP and NOTE give
 * their room to the new segments), the entry point, the names of libraries (DT_NEEDED, .gnu.version_r, DT_STRTAB) and the fuse of the SEA.
 */
export function makeExecutable(target: Target, blob: Buffer): Buffer {
  const node = mappedOnly(fs.readFileSync(target.node), target.elf);
  const headersAt = read64(node, 32);
  const segments = segmentsOf(node, target.elf);
  const loads = segments.filter(({ type }) => type === segmentType.load);
  const dynamic = new Dynamic(node, segments);
  const isLoader = (name: string): boolean => name.startsWith('ld-linux');
  const needed = dynamic.needed.filter(({ name }) => !isLoader(name));
  const loader = fs.readdirSync(path.join(target.root, target.libraries)).find(isLoader);
  if (loader === undefined) throw new Error('no ld.so in the carried packages');

  // The old strings, a name of fixed width for each library, program headers for ld.so, the name of the interpreter.
  const { strings } = dynamic;
  const namesAt = roundUp(strings.length, 8);
  const nameOf = (index: number): number => namesAt + index * nameBytes;
  // One name more: that of the addon, which the start code holds as a library, and which no DT_NEEDED names.
  const shownAt = nameOf(needed.length + 1);
  const shownRoom = segments.length + moreHeaders;
  const interpAt = shownAt + shownRoom * headerBytes;
  const interp = interpreterOf(node, segments);
  const note = noteOf(blob);
  const text = Buffer.alloc(roundUp(interpAt + interp.length, 4096));
  strings.copy(text);
  for (const index of needed.keys()) text.write('/proc/self/fd/0', nameOf(index), 'latin1');
  interp.copy(text, interpAt);

  const pieces: Piece[] = [];
  let offset = roundUp(node.length, pageBytes);
  let vaddr = roundUp(Math.max(...loads.map((load) => load.vaddr + load.memsz)), 0x200000);
  const place = (bytes: Buffer): Piece => {
    const piece = { bytes, offset, vaddr };
    pieces.push(piece);
    offset = roundUp(offset + bytes.length, pageBytes);
    vaddr = roundUp(vaddr + bytes.length, pageBytes);
    return piece;
  };
  const data = place(text);
  // Apart from what the start code writes to, so that it can be unmapped.
  const program = place(note);
  const code = place(fs.readFileSync(path.join(import.meta.dirname, `start/start-${target.name}.bin`)));
  const library = (name: string): Piece => place(fs.readFileSync(libraryFile(target, name)));
  const loaderAt = library(loader).offset;
  const addon = fs.readFileSync(path.join(import.meta.dirname, `../pages/unmap-${target.name}.node`));
  // The addon last: src/cli/process/start-pages.ts looks for it there.
  const held = [...needed.map(({ name }) => library(name)), place(addon)];

  const out = Buffer.alloc(offset);
  node.copy(out);
  for (const { bytes, offset: at } of pieces) bytes.copy(out, at);

  for (const [index, { name, at }] of needed.entries()) {
    write64(out, nameOf(index), at + 8);
    for (const need of dynamic.versionNeeds) if (need.name === name) out.writeUInt32LE(nameOf(index), need.at);
  }
  write64(out, data.vaddr, dynamic.at(dynamicTag.strings) + 8);
  write64(out, text.length, dynamic.at(dynamicTag.stringBytes) + 8);

  const segment = (
    type: number,
    flags: number,
    of: Piece,
    align: number,
    from = 0,
    end = of.bytes.length,
  ): Segment => ({
    type,
    flags,
    offset: of.offset + from,
    vaddr: of.vaddr + from,
    filesz: end - from,
    memsz: end - from,
    align,
  });
  const mapped = [
    ...loads,
    segment(segmentType.load, 6, data, pageBytes),
    segment(segmentType.load, 4, program, pageBytes),
    segment(segmentType.load, 5, code, pageBytes),
  ];
  const replaced: readonly number[] = [segmentType.load, segmentType.phdr, segmentType.interp];
  const others = segments.filter(({ type }) => !replaced.includes(type));
  writeSegments(
    out,
    [...mapped, ...others.filter(({ type }) => type !== segmentType.note)],
    headersAt,
    segments.length,
  );
  const shown = [
    segment(segmentType.phdr, 4, data, 8, shownAt, interpAt),
    segment(segmentType.interp, 4, data, 1, interpAt, interpAt + interp.length),
    ...mapped,
    ...others,
    segment(segmentType.note, 4, program, 4),
  ];
  writeSegments(out, shown, data.offset + shownAt, shownRoom);

  // `conf` of start.c.
  const conf = [read64(node, 24), loaderAt, data.vaddr + shownAt, shown.length, held.length];
  const perLibrary = held.map((piece, index) => [piece.offset, piece.bytes.length, data.vaddr + nameOf(index)]);
  for (const [index, n] of [...conf, ...perLibrary.flat()].entries()) write64(out, n, code.offset + 8 + index * 8);

  write64(out, code.vaddr + startAt, 24);
  // No section headers: they would name the old strings.
  write64(out, 0, 40);
  out.writeUInt16LE(0, 60);
  out.writeUInt16LE(0, 62);
  burnFuse(out);
  return out;
}

/** Symbols and debug information are behind all that is mapped. */
function mappedOnly(file: Buffer, machine: number): Buffer {
  const loads = segmentsOf(file, machine).filter(({ type }) => type === segmentType.load);
  return file.subarray(0, Math.max(...loads.map((load) => load.offset + load.filesz)));
}

function interpreterOf(node: Buffer, segments: readonly Segment[]): Buffer {
  const interp = segments.find(({ type }) => type === segmentType.interp);
  if (interp === undefined) throw new Error('Node.js is linked statically');
  return node.subarray(interp.offset, interp.offset + interp.filesz);
}

/** The note in which Node.js looks for the program (deps/postject). */
function noteOf(blob: Buffer): Buffer {
  const name = 'NODE_SEA_BLOB\0';
  const head = Buffer.alloc(12 + roundUp(name.length, 4));
  head.writeUInt32LE(name.length, 0);
  head.writeUInt32LE(blob.length, 4);
  head.write(name, 12, 'latin1');
  return Buffer.concat([head, blob, Buffer.alloc(roundUp(blob.length, 4) - blob.length)]);
}

/** Where a carried library is: a link in the package to a file with a version in its name. */
export function libraryFile({ root, libraries, debian }: Target, name: string): string {
  const triple = debian === 'amd64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu';
  const places = [path.join(root, libraries, name), path.join(root, 'usr/lib', triple, name)];
  const found = places.find((place) => fs.existsSync(place));
  if (found === undefined) throw new Error(`${name} is not in the carried packages`);
  return fs.realpathSync(found);
}

function burnFuse(out: Buffer): void {
  const at = out.indexOf(fuse);
  if (at < 0 || out.indexOf(fuse, at + 1) >= 0) throw new Error('the fuse of the SEA is not in Node.js exactly once');
  out[at + fuse.length - 1] = 0x31;
}
