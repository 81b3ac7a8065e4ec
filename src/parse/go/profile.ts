import { Profile } from 'pprof-format';
import type { GoFrame } from '../../sample/goroutines.ts';
import { checkWire } from './profile-wire.ts';

/** A profile whose samples have their stacks and names. */
interface DecodedProfile {
  /** `goroutine/count`, `inuse_space/bytes`, …: what the values of a sample are. */
  readonly valueTypes: readonly string[];
  readonly samples: readonly DecodedSample[];
  /** What one sample stands for, in units of the period type; for a heap, bytes. */
  readonly period: number;
  /** Something is missing: why. */
  readonly error: string | null;
}

interface DecodedSample {
  readonly values: readonly number[];
  /** The callee before its caller; inlined functions before those that hold them. */
  readonly frames: readonly GoFrame[];
}

type Numeric = number | bigint;

/**
 * Decodes the bytes of a pprof profile, unpacked of gzip (github.com/google/pprof proto/profile.proto; written by
 * runtime/pprof/proto.go). Of bytes that break off, what is there is decoded; Go writes the names last, so then the
 * frames may be addresses.
 *
 * @throws when the bytes are not a profile
 */
export function decodeProfile(bytes: Uint8Array): DecodedProfile {
  const { end, error: damage } = checkWire(bytes);
  if (end === 0) throw new Error(`not a pprof profile: ${damage ?? 'no bytes'}`);
  const profile = Profile.decode(bytes.subarray(0, end));
  const { strings } = profile.stringTable;
  let error = damage;
  const nameOf = (index: Numeric): string | null => strings[Number(index)] || null;

  const functions = new Map<number, { name: string | null; file: string | null }>();
  for (const { id, name, filename } of profile.function) {
    functions.set(Number(id), { name: nameOf(name), file: nameOf(filename) });
  }
  const places = new Map<number, readonly GoFrame[]>();
  for (const { id, address, line: lines } of profile.location) {
    const code = `0x${BigInt(address).toString(16)}`;
    const frames = lines.map(({ functionId, line }): GoFrame => {
      const func = functions.get(Number(functionId));
      if (func?.name == null) error ??= `the function at ${code} has no name`;
      return { func: func?.name ?? code, file: func?.file ?? null, line: Number(line) || null, args: null };
    });
    places.set(Number(id), frames.length > 0 ? frames : [{ func: code, file: null, line: null, args: null }]);
  }

  const samples = profile.sample.map(({ value, locationId }): DecodedSample => {
    const frames: GoFrame[] = [];
    for (const id of locationId) {
      const place = places.get(Number(id));
      if (place === undefined) error ??= `a sample names location ${id}, which is missing`;
      else frames.push(...place);
    }
    return { values: value.map(signed), frames };
  });
  const valueTypes = profile.sampleType.map(({ type, unit }) => `${nameOf(type) ?? ''}/${nameOf(unit) ?? ''}`);
  return { valueTypes, samples, period: signed(profile.period), error };
}

/** Numbers are int64; the decoder takes them for unsigned. */
function signed(value: Numeric): number {
  return Number(typeof value === 'bigint' ? BigInt.asIntN(64, value) : value);
}
