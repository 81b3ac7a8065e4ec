import { isObject, type JsonObject } from '../../../base/json-object.ts';

/** Parts of a JSON value of unknown shape; null or empty where the part is missing. */
type Path = readonly string[];

/** The text at a place in JSON; null where there is none or it is empty. */
export function textAt(value: unknown, ...path: Path): string | null {
  const found = partAt(value, path);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The number at a place in JSON; null where there is none. */
export function numberAt(value: unknown, ...path: Path): number | null {
  const found = partAt(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** Whether `true` is at a place in JSON. */
export function flagAt(value: unknown, ...path: Path): boolean {
  return partAt(value, path) === true;
}

/** The list at a place in JSON; empty where there is none. */
export function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const found = partAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The object at a place in JSON; null where there is none. */
export function objectAt(value: unknown, ...path: Path): JsonObject | null {
  const found = partAt(value, path);
  return isObject(found) ? found : null;
}

function partAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : null),
    value,
  );
}
