/** A name of a zone and the offset that it stands for. */
interface LocalTimeType {
  /** Minutes east of UTC. */
  readonly offset: number;
  readonly name: string;
}

const headerBytes = 44;

/**
 * The names of a zone by their offsets, as in `/etc/localtime` (tzfile(5), RFC 8536): 480 → `CST`. Of several names for one
 * offset the one that was used last; numeric ones (`+08`) are no names. Empty when it is no such file.
 */
export function parseZoneNames(bytes: Uint8Array): ReadonlyMap<number, string> {
  try {
    return namesIn(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    // A file that is cut off.
    if (error instanceof RangeError) return new Map();
    throw error;
  }
}

function namesIn(file: DataView): Map<number, string> {
  // The first block is there in every version; its times end in 2037, which is late enough for names.
  if (textAt(file, 0, 4) !== 'TZif') return new Map();
  const [transitions, types, nameBytes] = [file.getUint32(32), file.getUint32(36), file.getUint32(40)];
  if (types === 0 && file.getUint8(4) >= 0x32) return namesOfSecondBlock(file);
  return namesAt(file, headerBytes, { transitions, types, nameBytes, timeBytes: 4 });
}

/** A slim file leaves its first block empty: the second one, with times of eight bytes, has it all. */
function namesOfSecondBlock(file: DataView): Map<number, string> {
  const [isUt, isStd, leaps, transitions, types, names] = [20, 24, 28, 32, 36, 40].map((at) => file.getUint32(at));
  const sizes = [isUt, isStd, (leaps ?? 0) * 8, (transitions ?? 0) * 5, (types ?? 0) * 6, names];
  const start = headerBytes + sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (textAt(file, start, 4) !== 'TZif') return new Map();
  return namesAt(file, start + headerBytes, {
    transitions: file.getUint32(start + 32),
    types: file.getUint32(start + 36),
    nameBytes: file.getUint32(start + 40),
    timeBytes: 8,
  });
}

function namesAt(
  file: DataView,
  start: number,
  counts: { transitions: number; types: number; nameBytes: number; timeBytes: number },
): Map<number, string> {
  const { transitions, types, nameBytes, timeBytes } = counts;
  const indexes = start + transitions * timeBytes;
  const records = indexes + transitions;
  const texts = records + types * 6;
  if (texts + nameBytes > file.byteLength) return new Map();
  const typeAt = (index: number): LocalTimeType => {
    const at = records + index * 6;
    return { offset: file.getInt32(at) / 60, name: nameAt(file, texts + file.getUint8(at + 5), texts + nameBytes) };
  };
  const names = new Map<number, string>();
  const add = ({ offset, name }: LocalTimeType): void => {
    if (/^[A-Za-z]{2,6}$/.test(name) && name !== 'LMT') names.set(offset, name);
  };
  // The last one wins: first those that no change leads to, then in the order of time.
  for (let index = 0; index < types; index++) add(typeAt(index));
  for (let index = 0; index < transitions; index++) add(typeAt(file.getUint8(indexes + index)));
  return names;
}

function nameAt(file: DataView, from: number, limit: number): string {
  let end = from;
  while (end < limit && file.getUint8(end) !== 0) end++;
  return textAt(file, from, end - from);
}

function textAt(file: DataView, from: number, length: number): string {
  let text = '';
  for (let at = from; at < from + length; at++) text += String.fromCharCode(file.getUint8(at));
  return text;
}
