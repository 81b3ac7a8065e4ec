import { type Utf16, utf16Of } from './utf16.ts';

/** What a file that is named as a log holds. Of the packed ones, gzip and zstd can be unpacked here. */
type Content = 'text' | Utf16 | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'tar' | 'zip' | '7z' | 'journal' | 'binary';

/** How much of the beginning tells it. */
export const contentBytes = 64 * 1024;

const magics: readonly (readonly [content: Content, at: number, bytes: readonly number[]])[] = [
  ['gzip', 0, [0x1f, 0x8b]],
  ['zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', 0, [0x42, 0x5a, 0x68]],
  ['journal', 0, [...Buffer.from('LPKSHHRH')]],
  ['zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['7z', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['lz4', 0, [0x04, 0x22, 0x4d, 0x18]],
  ['tar', 257, [...Buffer.from('ustar')]],
];

/** Bytes of a text below the space: tab, line feed, carriage return, backspace, form feed, escape, and the mark of JSON text sequences. */
const textControls = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x1b, 0x1e]);
/** A packed or compiled file has a tenth of such bytes; a text with colours or an odd encoding has next to none. */
const mostControls = 0.03;

/** By its first bytes, whatever its name. */
export function contentOf(head: Uint8Array): Content {
  const magic = magics.find(([, from, bytes]) => bytes.every((byte, index) => head[from + index] === byte));
  if (magic !== undefined) return magic[0];
  return utf16Of(head) ?? (isText(head) ? 'text' : 'binary');
}

/**
 * Zero bytes alone make no binary: a machine that lost its power leaves a run of them in its logs, where a file had grown and
 * what was written had not reached the disk.
 */
function isText(head: Uint8Array): boolean {
  const examined = head.subarray(0, contentBytes);
  let zeros = 0;
  let controls = 0;
  let runs = 0;
  for (let at = 0; at < examined.length; at++) {
    const byte = examined[at] ?? 0;
    if (byte === 0) {
      zeros++;
      if (examined[at - 1] !== 0) runs++;
    } else if (byte < 0x20 && !textControls.has(byte)) controls++;
  }
  const rest = examined.length - zeros;
  // A compiled program has short runs everywhere.
  return controls <= rest * mostControls && runs <= 1 + rest * mostControls;
}

/** What to do with one that is no text; null for those that are read. */
export function howToRead(content: Content): string | null {
  switch (content) {
    case 'text':
    case 'utf16le':
    case 'utf16be':
    case 'gzip':
    case 'zstd':
      return null;
    case 'xz':
      return 'packed by xz. Run: xzcat FILE | rtwatch logs -';
    case 'bzip2':
      return 'packed by bzip2. Run: bzcat FILE | rtwatch logs -';
    case 'lz4':
      return 'packed by lz4. Run: lz4cat FILE | rtwatch logs -';
    case 'tar':
      return 'a tar archive. Run: tar -xOf FILE NAME | rtwatch logs -, with the name of a log in it';
    case 'zip':
      return 'a zip archive. Run: unzip -p FILE NAME | rtwatch logs -, with the name of a log in it';
    case '7z':
      return 'a 7z archive. Run: 7z x -so FILE NAME | rtwatch logs -, with the name of a log in it';
    case 'journal':
      return 'a journal file. Run: journalctl --file FILE -o json | rtwatch logs -';
    case 'binary':
      return 'no text, so it is no log. Profiles of Go are read by: rtwatch goroutines FILE, rtwatch heap FILE';
  }
}
