import type { GoFrame } from '../../sample/goroutines.ts';
import type { Names } from './names.ts';

/**
 * Parses a frame of a `debug=1` profile, `#\t0xf11328\tinternal/poll.runtime_pollWait+0x88\t\truntime/netpoll.go:305`
 * (runtime/pprof/pprof.go printStackRecord). The columns are aligned with any number of tabs. A frame without a symbol is
 * only an address, which stands for its function then. Null when the line is no frame.
 */
export function parseProfileFrame(line: string, names: Names): GoFrame | null {
  // A pasted one has spaces for tabs; columns contain no spaces except in types in a name.
  const [hash, address, func, place] = line.includes('\t') ? line.split(/\t+/, 4) : line.split(/ +/, 4);
  if (hash !== '#' || address === undefined || !address.startsWith('0x')) return null;
  if (func === undefined || func === '') return frame(names.of(address, 0, address.length), null, null);
  const offset = func.lastIndexOf('+0x');
  const name = names.of(func, 0, offset > 0 ? offset : func.length);
  const colon = place?.lastIndexOf(':') ?? -1;
  const number = /^\d{1,9}$/.exec(place?.slice(colon + 1) ?? '')?.[0];
  if (place === undefined || colon < 1 || number === undefined) return null;
  return frame(name, names.of(place, 0, colon), Number(number));
}

/**
 * A line that begins as a frame or a comment does; null for any other. A web page takes the `#` before a frame for a heading,
 * and people take it off: it is put back.
 */
export function frameLine(line: string): string | null {
  if (line.startsWith('#')) return line;
  if (!/^0x[\da-f]{3,16}(?:\s+[^\s\d]|$)/.test(line)) return null;
  return `#${line.includes('\t') ? '\t' : ' '}${line}`;
}

function frame(func: string, file: string | null, line: number | null): GoFrame {
  return { func, file, line, args: null };
}
