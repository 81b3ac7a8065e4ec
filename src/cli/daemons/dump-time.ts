import path from 'node:path';

/**
 * Minutes between two dumps, from the times in their file names: ours
 * (`dockerd-goroutines-2026-11-21T08-55-06-372Z.txt`) and dockerd's (`goroutine-stacks-2026-11-21T085506Z.log`). Not from
 * the file's date: copying changes it. Null if a name has no time.
 *
 * @param later null if it is taken now
 */
export function minutesBetween(earlier: string, later: string | null): number | null {
  const from = takenAt(earlier);
  const to = later === null ? Date.now() : takenAt(later);
  return from === null || to === null || to <= from ? null : (to - from) / 60_000;
}

function takenAt(file: string): number | null {
  const [, day, hour, minute, second] =
    /(\d{4}-\d\d-\d\d)T(\d\d)-?(\d\d)-?(\d\d)(?:-\d{3})?Z/.exec(path.basename(file)) ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}
