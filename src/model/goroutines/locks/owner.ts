import { normalizeFunction } from '../function-name.ts';

/** `container.(*Container)` with its import path, of a method; null of a function. */
export function receiverType(func: string): string | null {
  return /^(.*\.\(\*?[^()]+\))\.[^()]+$/.exec(normalizeFunction(func))?.[1] ?? null;
}

/** The import path of a function's package. */
export function packageOf(func: string): string {
  const normal = normalizeFunction(func);
  const pathEnd = normal.search(/\(|$/);
  const dot = normal.indexOf('.', normal.lastIndexOf('/', pathEnd) + 1);
  return dot < 0 ? normal : normal.slice(0, dot);
}
