/** A program header of a 64-bit ELF file. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}

export const segmentType = { load: 1, dynamic: 2, interp: 3, note: 4, phdr: 6 } as const;

export const headerBytes = 56;

export const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;
export const read64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));
export const write64 = (bytes: Buffer, n: number, at: number): void => void bytes.writeBigUInt64LE(BigInt(n), at);

/**
 * The program headers of an executable.
 *
 * @throws Error if it is no 64-bit ELF file of that kind of machine with fixed addresses
 */
export function segmentsOf(file: Buffer, machine: number): Segment[] {
  const isElf = file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2;
  if (!isElf || file.readUInt16LE(16) !== 2 || file.readUInt16LE(18) !== machine) {
    throw new Error('not a 64-bit ELF executable for this machine');
  }
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = read64(file, 32) + index * headerBytes;
    return {
      type: file.readUInt32LE(at),
      flags: file.readUInt32LE(at + 4),
      offset: read64(file, at + 8),
      vaddr: read64(file, at + 16),
      filesz: read64(file, at + 32),
      memsz: read64(file, at + 40),
      align: read64(file, at + 48),
    };
  });
}

/** Writes program headers, and fills up the rest of their room with empty ones. */
export function writeSegments(file: Buffer, segments: readonly Segment[], at: number, room: number): void {
  if (segments.length > room) throw new Error(`${segments.length} program headers in the room of ${room}`);
  file.fill(0, at, at + room * headerBytes);
  for (const [index, segment] of segments.entries()) {
    const to = at + index * headerBytes;
    file.writeUInt32LE(segment.type, to);
    file.writeUInt32LE(segment.flags, to + 4);
    const { offset, vaddr, filesz, memsz, align } = segment;
    for (const [place, n] of [offset, vaddr, vaddr, filesz, memsz, align].entries())
      write64(file, n, to + 8 + place * 8);
  }
}

/** The dynamic section: its entries, what it has of strings, and the libraries it needs. */
export class Dynamic {
  readonly #file: Buffer;
  readonly #loads: readonly Segment[];
  readonly #tags: readonly { readonly tag: number; readonly value: number; readonly at: number }[];

  constructor(file: Buffer, segments: readonly Segment[]) {
    this.#file = file;
    this.#loads = segments.filter(({ type }) => type === segmentType.load);
    const section = segments.find(({ type }) => type === segmentType.dynamic);
    const tags = [];
    for (let at = section?.offset ?? 0; section !== undefined && read64(file, at) !== 0; at += 16) {
      tags.push({ tag: read64(file, at), value: read64(file, at + 8), at });
    }
    this.#tags = tags;
  }

  /** The string table. */
  get strings(): Buffer {
    const from = this.#offsetOf(this.value(5));
    return this.#file.subarray(from, from + this.value(10));
  }

  /** The libraries in DT_NEEDED. `at`: where the entry is in the file. */
  get needed(): { readonly name: string; readonly at: number }[] {
    return this.#tags.filter(({ tag }) => tag === 1).map(({ value, at }) => ({ name: this.#text(value), at }));
  }

  /** The entries of .gnu.version_r: which library a version is needed of. `at`: where the name's offset is. */
  get versionNeeds(): { readonly name: string; readonly at: number }[] {
    const needs = [];
    let from = this.#offsetOf(this.value(0x6ffffffe));
    for (let left = this.value(0x6fffffff); left > 0; left--) {
      needs.push({ name: this.#text(this.#file.readUInt32LE(from + 4)), at: from + 4 });
      from += this.#file.readUInt32LE(from + 12);
    }
    return needs;
  }

  value(tag: number): number {
    return this.#tag(tag).value;
  }

  /** Where the entry of a tag is in the file. */
  at(tag: number): number {
    return this.#tag(tag).at;
  }

  #tag(tag: number): { readonly value: number; readonly at: number } {
    const found = this.#tags.find((one) => one.tag === tag);
    if (found === undefined) throw new Error(`no dynamic entry ${tag.toString(16)}`);
    return found;
  }

  #text(offset: number): string {
    const { strings } = this;
    return strings.toString('latin1', offset, strings.indexOf(0, offset));
  }

  #offsetOf(address: number): number {
    const load = this.#loads.find(({ vaddr, filesz }) => address >= vaddr && address < vaddr + filesz);
    if (load === undefined) throw new Error(`the address ${address.toString(16)} is not in the file`);
    return address - load.vaddr + load.offset;
  }
}
