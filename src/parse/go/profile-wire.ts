/** Wire types of Protocol Buffers (protobuf.dev, Encoding). */
const varint = 0;
const lengthDelimited = 2;

/** What the fields of a message hold, of those that are not numbers alone. */
interface Message {
  readonly [field: number]: Message | 'numbers' | 'text';
}

const valueType: Message = {};
const sample: Message = { 1: 'numbers', 2: 'numbers', 3: {} };
const location: Message = { 4: {} };
const profile: Message = {
  1: valueType,
  2: sample,
  3: {},
  4: location,
  5: {},
  6: 'text',
  11: valueType,
  13: 'numbers',
};

/** How much of the bytes is a profile, and why not all. */
interface WireExtent {
  /** The bytes up to here are whole fields. */
  readonly end: number;
  readonly error: string | null;
}

/**
 * Checks that the bytes are the fields of a pprof profile (github.com/google/pprof proto/profile.proto), before a decoder
 * sees them that trusts their lengths and takes a number of a million bytes for one.
 */
export function checkWire(bytes: Uint8Array): WireExtent {
  let end = 0;
  try {
    while (end < bytes.length) end = checkField(bytes, end, bytes.length, profile);
    return { end, error: null };
  } catch (error) {
    return { end, error: error instanceof Error ? error.message : String(error) };
  }
}

function checkField(bytes: Uint8Array, start: number, limit: number, message: Message): number {
  // The decoder takes a key for one byte; no field of a profile has a number above 15.
  const key = bytes[start] ?? 0;
  const wireType = key & 7;
  const holds = message[key >> 3];
  if (key === 0 || key > 0x7f) throw new Error(`byte ${start}: no such field in a profile`);
  if (wireType === varint) {
    if (holds !== undefined && holds !== 'numbers') throw new Error(`byte ${start}: a varint instead of a message`);
    return endOfNumber(bytes, start + 1, limit);
  }
  if (wireType !== lengthDelimited) throw new Error(`byte ${start}: unexpected wire type ${wireType}`);
  const from = endOfNumber(bytes, start + 1, limit);
  const end = from + numberAt(bytes, start + 1, from);
  if (end > limit) throw new Error(`byte ${start}: a truncated field, ${limit - from} of ${end - from} bytes`);
  if (holds === undefined) throw new Error(`byte ${start}: a message instead of a varint`);
  if (holds === 'text') return end;
  let at = from;
  while (at < end) at = holds === 'numbers' ? endOfNumber(bytes, at, end) : checkField(bytes, at, end, holds);
  return end;
}

/** A number has seven bits in each byte, and at most 64. */
function endOfNumber(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at++) {
    if (at - start >= 10) throw new Error(`byte ${start}: a varint of more than 64 bits`);
    if ((bytes[at] ?? 0) < 0x80) return at + 1;
  }
  throw new Error(`byte ${start}: a truncated varint`);
}

function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = end - 1; at >= start; at--) value = value * 128 + ((bytes[at] ?? 0) & 0x7f);
  return value;
}
