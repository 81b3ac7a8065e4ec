/** Parses `/proc/meminfo` (proc_meminfo(5)) into bytes by name. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const [, name, value, unit] of text.matchAll(/^([\w()]+):\s+(\d+)( kB)?$/gm)) {
    if (name !== undefined) bytes.set(name, Number(value) * (unit === undefined ? 1 : 1024));
  }
  return bytes;
}
