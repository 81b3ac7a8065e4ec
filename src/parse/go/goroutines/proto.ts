import type { DumpEnd, GoFrame, Goroutine } from '../../../sample/goroutines.ts';
import { decodeProfile } from '../profile.ts';

/**
 * Parses the goroutines of a `debug=0` profile, after gunzip. Like `debug=1` it folds equal stacks and has no ids, states,
 * waits, arguments or creators (runtime/pprof/pprof.go printCountProfile).
 *
 * @throws if the bytes are not a goroutine profile
 */
export function parseGoroutineProto(bytes: Uint8Array, onGoroutine: (goroutine: Goroutine) => void): DumpEnd {
  const { valueTypes, samples, error: damage } = decodeProfile(bytes);
  const [type = ''] = valueTypes;
  // Without its names, which come last, a profile that breaks off does not even say what it counts.
  if (damage === null && !/^goroutine(?:leak)?\/count$/.test(type)) {
    throw new Error(`a profile of ${type || 'nothing'}, not of goroutines`);
  }
  if (valueTypes.length > 1) throw new Error(`a profile of ${valueTypes.length} values, not of goroutines`);
  let error = damage;
  let total = 0;
  for (const { values, frames } of samples) {
    const count = values[0] ?? 0;
    if (!(count > 0 && Number.isSafeInteger(count))) {
      error ??= `a stack of ${count} goroutines`;
      continue;
    }
    total += count;
    onGoroutine({
      id: null,
      count,
      state: null,
      waitMinutes: null,
      lockedToThread: false,
      frames: withoutRuntime(frames),
      elided: false,
      createdBy: null,
    });
  }
  return { form: 'proto', total, partial: error !== null, error };
}

/**
 * What `debug=1` and `debug=2` show of a stack, so that a goroutine has the same one in all forms: not `runtime.goexit`,
 * nor the functions of the runtime that it waits in, unless there are no others (pprof.go printStackRecord).
 */
function withoutRuntime(frames: readonly GoFrame[]): readonly GoFrame[] {
  const shown = frames.filter(({ func }) => func !== 'runtime.goexit');
  const first = shown.findIndex(({ func }) => !func.startsWith('runtime.'));
  return first <= 0 ? shown : shown.slice(first);
}
