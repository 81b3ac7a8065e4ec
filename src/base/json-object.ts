/** An object of JSON whose shape is not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether it is an object, and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of JSON; empty for all else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
