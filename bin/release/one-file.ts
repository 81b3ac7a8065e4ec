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

/** The old strings, a name of fixed width for each library, room for the program headers that ld.so is shown, the name of the interpreter. */
interface Texts {
  readonly bytes: Buffer;
  /** Where the name of a library is in them; one more is that of the addon. */
  readonly nameAt: (index: number) => number;
  readonly shownAt: number;
  readonly shownRoom: number;
  readonly interpAt: number;
  readonly interpEnd: number;
}

/**
 * The single-file executable: Node.js's own ELF file with the SEA blob, the start code, ld.so and its libraries, and the addon (bin/pages/).
 *
 * No tool for ELF files is needed, and no section or symbol is kept. Changed in Node.js are the program headers (PHDR, INTERP and NOTE give
 * their room to the new segments), the entry point, the names of libraries (DT_NEEDED, .gnu.version_r, DT_STRTAB) and the fuse of the SEA.
 */
export function makeExecutable(target: Target, blob: Buffer): Buffer {
  const node = mappedOnly(fs.readFileSync(target.node), target.elf);
  const segments = segmentsOf(node, target.elf);
  const dynamic = new Dynamic(node, segments);
  const needed = dynamic.needed.filter(({ name }) => !isLoader(name));
  const texts = textsOf(node, segments, dynamic.strings, needed.length);

  const appended = new Appended(node, segments);
  const data = appended.place(texts.bytes);
  // Apart from what the start code writes to, so that it can be unmapped.
  const program = appended.place(noteOf(blob));
  const code = appended.place(fs.readFileSync(path.join(import.meta.dirname, `start/start-${target.name}.bin`)));
  const library = (name: string): Piece => appended.place(fs.readFileSync(libraryFile(target, name)));
  const loader = library(loaderOf(target));
  const addon = fs.readFileSync(path.join(import.meta.dirname, `../pages/unmap-${target.name}.node`));
  // The addon last: src/cli/process/start-pages.ts looks for it there.
  const held = [...needed.map(({ name }) => library(name)), appended.place(addon)];

  const out = appended.toFile();
  renameLibraries(out, dynamic, needed, data, texts);
  const shown = replaceSegments(out, segments, { data, program, code, texts });

  // `conf` of start.c.
  const conf = [read64(node, 24), loader.offset, data.vaddr + texts.shownAt, shown, held.length];
  const perLibrary = held.map((piece, index) => [piece.offset, piece.bytes.length, data.vaddr + texts.nameAt(index)]);
  for (const [index, n] of [...conf, ...perLibrary.flat()].entries()) write64(out, n, code.offset + 8 + index * 8);

  write64(out, code.vaddr + startAt, 24);
  // No section headers: they would name the old strings.
  write64(out, 0, 40);
  out.writeUInt16LE(0, 60);
  out.writeUInt16LE(0, 62);
  burnFuse(out);
  return out;
}

const isLoader = (name: string): boolean => name.startsWith('ld-linux');

function loaderOf({ root, libraries }: Target): string {
  const loader = fs.readdirSync(path.join(root, libraries)).find(isLoader);
  if (loader === undefined) throw new Error('no ld.so in the carried packages');
  return loader;
}

/** A file, and what is appended to it: each piece begins at a page of its own, in the file and in memory. */
class Appended {
  readonly #file: Buffer;
  readonly #pieces: Piece[] = [];
  #offset: number;
  #vaddr: number;

  constructor(file: Buffer, segments: readonly Segment[]) {
    const loads = segments.filter(({ type }) => type === segmentType.load);
    this.#file = file;
    this.#offset = roundUp(file.length, pageBytes);
    this.#vaddr = roundUp(Math.max(...loads.map((load) => load.vaddr + load.memsz)), 0x200000);
  }

  place(bytes: Buffer): Piece {
    const piece = { bytes, offset: this.#offset, vaddr: this.#vaddr };
    this.#pieces.push(piece);
    this.#offset = roundUp(this.#offset + bytes.length, pageBytes);
    this.#vaddr = roundUp(this.#vaddr + bytes.length, pageBytes);
    return piece;
  }

  toFile(): Buffer {
    const out = Buffer.alloc(this.#offset);
    this.#file.copy(out);
    for (const { bytes, offset } of this.#pieces) bytes.copy(out, offset);
    return out;
  }
}

function textsOf(node: Buffer, segments: readonly Segment[], strings: Buffer, libraries: number): Texts {
  const namesAt = roundUp(strings.length, 8);
  const nameAt = (index: number): number => namesAt + index * nameBytes;
  // One name more: that of the addon, which the start code holds as a library, and which no DT_NEEDED names.
  const shownAt = nameAt(libraries + 1);
  const shownRoom = segments.length + moreHeaders;
  const interpAt = shownAt + shownRoom * headerBytes;
  const interp = interpreterOf(node, segments);
  const bytes = Buffer.alloc(roundUp(interpAt + interp.length, 4096));
  strings.copy(bytes);
  for (let index = 0; index < libraries; index++) bytes.write('/proc/self/fd/0', nameAt(index), 'latin1');
  interp.copy(bytes, interpAt);
  return { bytes, nameAt, shownAt, shownRoom, interpAt, interpEnd: interpAt + interp.length };
}

/** The dynamic section names the libraries, and the versions that are needed of them, by the new strings. */
function renameLibraries(out: Buffer, dynamic: Dynamic, needed: Dynamic['needed'], data: Piece, texts: Texts): void {
  for (const [index, { name, at }] of needed.entries()) {
    write64(out, texts.nameAt(index), at + 8);
    for (const need of dynamic.versionNeeds) if (need.name === name) out.writeUInt32LE(texts.nameAt(index), need.at);
  }
  write64(out, data.vaddr, dynamic.at(dynamicTag.strings) + 8);
  write64(out, texts.bytes.length, dynamic.at(dynamicTag.stringBytes) + 8);
}

interface Mapped {
  readonly data: Piece;
  readonly program: Piece;
  readonly code: Piece;
  readonly texts: Texts;
}

/**
 * Writes the program headers that the kernel reads, and those that ld.so is shown.
 *
 * @returns how many ld.so is shown
 */
function replaceSegments(out: Buffer, segments: readonly Segment[], { data, program, code, texts }: Mapped): number {
  const mapped = [
    ...segments.filter(({ type }) => type === segmentType.load),
    segmentOf(data, { type: segmentType.load, flags: 6, align: pageBytes }),
    segmentOf(program, { type: segmentType.load, flags: 4, align: pageBytes }),
    segmentOf(code, { type: segmentType.load, flags: 5, align: pageBytes }),
  ];
  const replaced: readonly number[] = [segmentType.load, segmentType.phdr, segmentType.interp];
  const others = segments.filter(({ type }) => !replaced.includes(type));
  const forKernel = [...mapped, ...others.filter(({ type }) => type !== segmentType.note)];
  writeSegments(out, forKernel, read64(out, 32), segments.length);
  const { shownAt, shownRoom, interpAt, interpEnd } = texts;
  const shown = [
    segmentOf(data, { type: segmentType.phdr, flags: 4, align: 8 }, shownAt, interpAt),
    segmentOf(data, { type: segmentType.interp, flags: 4, align: 1 }, interpAt, interpEnd),
    ...mapped,
    ...others,
    segmentOf(program, { type: segmentType.note, flags: 4, align: 4 }),
  ];
  writeSegments(out, shown, data.offset + shownAt, shownRoom);
  return shown.length;
}

/** The program header of a piece, or of a part of it. */
function segmentOf(
  { bytes, offset, vaddr }: Piece,
  kind: Pick<Segment, 'type' | 'flags' | 'align'>,
  from = 0,
  end = bytes.length,
): Segment {
  return { ...kind, offset: offset + from, vaddr: vaddr + from, filesz: end - from, memsz: end - from };
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
