import { crc32 } from 'node:zlib';

const key = ',"crc32":';
/** `,"crc32":4294967295}` is the longest. */
const longestSeal = 20;

/**
 * Ends lines of a recording with their CRC-32 (of the UTF-8 bytes before it), so that a flipped bit is not read as another figure: zstd
 * frames have no checksum here, and that of a gzip member comes after all its lines.
 *
 * @param lines JSON objects, each with its newline; empty for none
 */
export function sealLines(lines: string): string {
  if (lines === '') return '';
  return lines
    .slice(0, -1)
    .split('\n')
    .map((line) => sealLine(line))
    .join('');
}

function sealLine(line: string): string {
  const sealed = line.slice(0, -1);
  return `${sealed}${key}${crc32(sealed)}}\n`;
}

/** What the end of a line says of the rest: nothing in a plain stream of `rtwatch sample`. */
export function sealOf(line: string): 'none' | 'right' | 'wrong' {
  const at = line.lastIndexOf(key);
  if (at === -1 || at < line.length - longestSeal) return 'none';
  return `${key}${crc32(line.slice(0, at))}}` === line.slice(at) ? 'right' : 'wrong';
}
