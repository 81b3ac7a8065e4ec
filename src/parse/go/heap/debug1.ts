import type { GoFrame } from '../../../sample/goroutines.ts';
import type { HeapProfile, HeapSample } from '../../../sample/heap.ts';
import { Names } from '../names.ts';
import { frameLine, parseProfileFrame } from '../profile-frame.ts';

const header = /^heap profile: \d+: \d+ \[\d+: \d+\] @ heap\/(\d{1,15})$/;
const record = /^(\d{1,19}): (\d{1,19}) \[(\d{1,19}): (\d{1,19})\] @/;
/** What ends the records (runtime/pprof/pprof.go writeHeapInternal). */
const trailer = '# runtime.MemStats';
const lastOfTrailer = '# DebugGC = ';

/**
 * Parses a heap or allocs profile of `debug=1` (runtime/pprof/pprof.go writeHeapInternal):
 *
 *     heap profile: 15: 34928 [31: 1837584] @ heap/1048576
 *     1: 12288 [1: 12288] @ 0x139dd78 0x139ddea
 *     #	0x139dd77	example.com/quantile.newStream+0x1f7	example.com/quantile/stream.go:133
 *
 * in use: objects: bytes [allocated: objects: bytes]. The values are the sampled ones; they are scaled here, as Go does
 * it for `debug=0`. The rate in the header is twice the real one.
 *
 * @throws when the text is not such a profile
 */
export function parseHeapText(text: string): HeapProfile {
  const samples: HeapSample[] = [];
  const names = new Names();
  let frames: GoFrame[] = [];
  let rateBytes: number | null = null;
  let error: string | null = null;
  let isOpen = false;
  let isTrailer = false;
  let isWhole = false;
  let number = 0;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // Pasted ones are indented, or have the ends of lines of Windows: no line of Go begins or ends with a space.
    const pasted = text.slice(start, end).trim();
    const line = frameLine(pasted) ?? pasted;
    start = end + 1;
    number++;
    if (isTrailer) isWhole ||= line.startsWith(lastOfTrailer);
    else if (rateBytes === null) {
      const rate = header.exec(line)?.[1];
      if (rate !== undefined) rateBytes = Number(rate) / 2;
    } else if (line === '') isOpen = false;
    else if (line === trailer) isTrailer = true;
    else if (line.startsWith('#')) {
      const frame = isOpen ? parseProfileFrame(line, names) : null;
      if (frame === null) error ??= `line ${number}: not a frame`;
      else frames.push(frame);
    } else {
      const values = record.exec(line)?.slice(1).map(Number);
      isOpen = values !== undefined;
      if (values === undefined) {
        error ??= `line ${number}: neither a stack nor a frame`;
        continue;
      }
      frames = [];
      samples.push(scaled(values, rateBytes, frames));
    }
  }
  if (rateBytes === null) throw new Error(`no "heap profile:" in ${number} lines`);
  if (!isWhole) error ??= `line ${number}: the profile breaks off there`;
  return { form: 'debug1', rateBytes, samples, listing: null, partial: error !== null, error };
}

function scaled(values: readonly number[], rate: number, frames: readonly GoFrame[]): HeapSample {
  const [inObjects = 0, inBytes = 0, objects = 0, bytes = 0] = values;
  const inuse = scaleOf(inObjects, inBytes, rate);
  const alloc = scaleOf(objects, bytes, rate);
  return {
    frames,
    inuseObjects: Math.trunc(inObjects * inuse),
    inuseBytes: Math.trunc(inBytes * inuse),
    allocObjects: Math.trunc(objects * alloc),
    allocBytes: Math.trunc(bytes * alloc),
  };
}

/** An object of a size is sampled with the probability 1 - exp(-size / rate) (protomem.go scaleHeapSample). */
function scaleOf(objects: number, bytes: number, rate: number): number {
  if (objects === 0 || bytes === 0) return 0;
  return rate <= 1 ? 1 : 1 / (1 - Math.exp(-bytes / objects / rate));
}
