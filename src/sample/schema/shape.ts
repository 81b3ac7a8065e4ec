import * as v from 'valibot';
import type { Reading } from '../reading.ts';
import { isSameList } from './same-list.ts';

/**
 * The form that a value from outside must have to be a `T`. The messages of the schemas say what is expected, as part of a
 * sentence. `is` does not exist at run time: it makes the compiler reject the shape of a type that is only nearly `T`.
 */
export type Shape<T> = v.GenericSchema<unknown, T> & { readonly is?: (value: T) => T };

/** The shape of an optional field. */
type OptionalShape<T> = Shape<T> & { readonly type: 'exact_optional' };

/** A shape for every field of `T`, so that the compiler names a missing or wrong one when `T` grows. */
type Fields<T> = {
  readonly [K in keyof T]-?: Pick<T, K> extends Required<Pick<T, K>>
    ? Shape<T[K]>
    : OptionalShape<Exclude<T[K], undefined>>;
};

export const text: Shape<string> = v.string('text');
export const bool: Shape<boolean> = v.boolean('true or false');
/** JSON can hold a number too large for 64 bits (`1e999`); it would be parsed as infinity. */
export const number: Shape<number> = v.pipe(v.number('a number'), v.finite('a finite number'));

/** The last moment of a Date (ECMA-262, Time Values and Time Range): beyond it, formatting a Date throws. */
const lastMs = 8.64e15;
/** Milliseconds since 1970. */
export const moment: Shape<number> = within(lastMs);
/** Seconds since 1970. */
export const momentSeconds: Shape<number> = within(lastMs / 1000);

function within(limit: number): Shape<number> {
  const message = 'a moment in time';
  return v.pipe(v.number('a number'), v.minValue(-limit, message), v.maxValue(limit, message));
}

export const nullable = <T>(shape: Shape<T>): Shape<T | null> => v.nullable(shape);

export const list = <T>(item: Shape<T>): Shape<readonly T[]> => v.array(item, 'a list');

const run = v.strictTuple([number, number], 'two numbers');

/** A list that a line may leave to an earlier one. What stands for it passes: the reader of the line puts the list back. */
export function longList<T>(item: Shape<T>): Shape<readonly T[]> {
  const whole = list(item);
  const itemOrRun = v.lazy((input) => (Array.isArray(input) ? run : item));
  const same = v.object({ unchangedSince: number, items: v.exactOptional(v.array(itemOrRun, 'a list')) }, 'an object');
  const schema: v.GenericSchema<unknown, unknown> = v.lazy((input) => (isSameList(input) ? same : whole));
  return schema as Shape<readonly T[]>;
}

/** Keys that are not known in advance, with values of the same shape. */
export const record = <T>(value: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  v.record(v.string(), value, 'an object');

/** One of a few values. */
export const choice = <const T extends string>(...values: readonly T[]): Shape<T> =>
  v.picklist(values, `one of ${values.join(', ')}`);

/** A flag that is true if present. */
export const flag: Shape<true> = v.literal(true, 'true');

/** An optional field: present only if it has something to say. */
export const optional = <T>(shape: Shape<T>): OptionalShape<T> => v.exactOptional(shape);

/** A field that an older sampler does not send, and its default. */
export const added = <T>(shape: Shape<T>, before: T): Shape<T> => v.optional(shape, () => before);

/** What this version does not know may come from a newer sampler: it is passed through, unless it is deeper than this. */
const deepest = 16;
const unknownField = v.custom((value) => isShallow(value, deepest), `a value nested at most ${deepest} deep`);

/** An object with these fields. Fields that are not known here are kept, up to a nesting of 16. */
export function object<T>(fields: Fields<T>): Shape<T> {
  const schema: v.GenericSchema<unknown, unknown> = v.objectWithRest(
    fields as v.ObjectEntries,
    unknownField,
    'an object',
  );
  return schema as Shape<T>;
}

/** The four outcomes of a reading. */
export function reading<T>(value: Shape<T>): Shape<Reading<T>> {
  const schema: v.GenericSchema<unknown, unknown> = v.variant(
    'status',
    [
      outcome('ok', { tookMs: number, value }),
      outcome('absent', { detail: text }),
      outcome('failed', { detail: text }),
      outcome('pending', { forMs: number, detail: text }),
    ],
    'a reading (ok, absent, failed or pending)',
  );
  return schema as Shape<Reading<T>>;
}

function outcome<const S extends string>(status: S, fields: v.ObjectEntries) {
  return v.objectWithRest({ status: v.literal(status), ...fields }, unknownField, 'an object');
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

/** Where a value does not have its shape. */
export interface Misfit {
  /** The path from the value down to the field; numbers are indices of a list. */
  readonly path: readonly (string | number)[];
  /** What is expected there, in words. */
  readonly expected: string;
  /** What is there instead; undefined if nothing is. */
  readonly found: unknown;
}

/** The value as its shape describes it, or the first part of it that does not fit. */
type Match<T> = { readonly value: T; readonly misfit: null } | { readonly value: null; readonly misfit: Misfit };

/** Compares a value with its shape, up to the first part that does not fit. */
export function matchShape<T>(shape: v.GenericSchema<unknown, T>, value: unknown): Match<T> {
  const { success, output, issues } = v.safeParse(shape, value, { abortEarly: true, abortPipeEarly: true });
  if (success) return { value: output, misfit: null };
  const [{ path = [], message, input }] = issues;
  const keys = path.map(({ key }) => (typeof key === 'number' ? key : String(key)));
  return { value: null, misfit: { path: keys, expected: message, found: input } };
}
