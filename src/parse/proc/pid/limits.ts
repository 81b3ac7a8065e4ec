/**
 * The soft limit `Max open files` of `/proc/PID/limits`.
 *
 * @returns null when it is unlimited or the line is missing
 */
export function parseOpenFilesLimit(text: string): number | null {
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return limit === undefined ? null : Number(limit);
}
