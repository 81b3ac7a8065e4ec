import type { HeapProfile, HeapSample } from '../../../sample/heap.ts';
import { decodeProfile } from '../profile.ts';

/** The order in which runtime/pprof/protomem.go writes them. */
const allocObjects = 'alloc_objects/count';
const allocBytes = 'alloc_space/bytes';
const inuseObjects = 'inuse_objects/count';
const inuseBytes = 'inuse_space/bytes';

/**
 * Parses a heap or allocs profile of `debug=0`, unpacked of gzip (runtime/pprof/protomem.go). Go has scaled its values
 * already.
 *
 * @throws when the bytes are not a profile of a heap
 */
export function parseHeapProto(bytes: Uint8Array): HeapProfile {
  const { valueTypes, samples: decoded, period, error } = decodeProfile(bytes);
  const columns = [inuseObjects, inuseBytes, allocObjects, allocBytes].map((type) => valueTypes.indexOf(type));
  if (columns.includes(-1)) {
    throw new Error(error ?? `a profile of ${valueTypes.join(', ') || 'nothing'}, not of a heap`);
  }
  const samples = decoded.map(({ values, frames }): HeapSample => {
    const [inObjects = 0, inBytes = 0, objects = 0, bytes = 0] = columns.map((column) => values[column] ?? 0);
    return { frames, inuseObjects: inObjects, inuseBytes: inBytes, allocObjects: objects, allocBytes: bytes };
  });
  return { form: 'proto', rateBytes: period, samples, listing: null, partial: error !== null, error };
}
