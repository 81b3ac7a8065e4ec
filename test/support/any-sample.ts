import fc from 'fast-check';
import { type Readings, type Sample, type SourceName, sourceNames, wireVersion } from '../../src/sample/sample.ts';
import { readingShapes } from '../../src/sample/schema/sources.ts';
import { noon } from './samples.ts';

/** What the shapes are made of, as far as a generator must know them (valibot's schemas). */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly value?: Schema;
  readonly getter?: (input: unknown) => Schema;
  readonly pipe?: readonly { readonly kind: string; readonly type: string; readonly requirement?: unknown }[];
}

/** Texts that collide with each other, so that what is joined by name finds its other half. */
const anyText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'a', 'web-1', '/', '/var/lib/docker', 'sda', '8:0', '0'.repeat(64), 'dockerd'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);
const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 1000, 4242, -1) },
  { weight: 2, arbitrary: fc.nat() },
  // JSON has no negative zero.
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0) },
);

/**
 * Any value that has this shape.
 *
 * @throws for a kind of schema that the shapes do not use
 */
function anyOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type, entries = {}, options = [], wrapped, item, value, pipe = [] } = schema;
  const inner = wrapped ?? item ?? value;
  switch (type) {
    case 'string':
      return anyText;
    case 'boolean':
      return fc.boolean();
    case 'number': {
      const limit = pipe.find((step) => step.type === 'max_value')?.requirement;
      return typeof limit === 'number' ? momentWithin(limit) : anyNumber;
    }
    // A long list: what stands for it in a line is tested by itself.
    case 'lazy':
      return anyOf(schema.getter?.([]) ?? schema);
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...options);
    case 'variant':
      return fc.oneof(...options.map((option) => anyOf(option as Schema)));
    case 'object_with_rest': {
      const keys = Object.keys(entries);
      const isOptional = (key: string): boolean => entries[key]?.type === 'exact_optional';
      const model = Object.fromEntries(Object.entries(entries).map(([key, field]) => [key, anyOf(field)]));
      return fc.record(model, { requiredKeys: keys.filter((key) => !isOptional(key)), noNullPrototype: true });
    }
    default:
  }
  if (inner === undefined) throw new Error(`no generator for a schema of type ${type}`);
  if (type === 'nullable') return fc.option(anyOf(inner), { nil: null });
  if (type === 'array') return fc.array(anyOf(inner), { maxLength: 3 });
  // A key of this name makes no property of its own.
  if (type === 'record')
    return fc.dictionary(
      anyText.filter((key) => key !== '__proto__'),
      anyOf(inner),
      { maxKeys: 3, noNullPrototype: true },
    );
  if (type === 'optional' || type === 'exact_optional') return anyOf(inner);
  throw new Error(`no generator for a schema of type ${type}`);
}

/** @param limit in the unit of the moment: milliseconds or seconds */
const momentWithin = (limit: number): fc.Arbitrary<number> => {
  const now = limit > 1e14 ? noon : noon / 1000;
  return fc.oneof(fc.constantFrom(0, now, now - 1, -limit, limit), fc.integer({ min: now - 100_000, max: now }));
};

const readingOf: Readonly<Record<SourceName, fc.Arbitrary<unknown>>> = Object.fromEntries(
  sourceNames.map((name) => [name, anyOf(readingShapes[name] as unknown as Schema)]),
) as Record<SourceName, fc.Arbitrary<unknown>>;

/** Any readings of any sources. */
const anyReadings = fc.record(readingOf, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Readings>;

/** Any Samples of one sampler, in their order, a second or so apart: each has the shape that a foreign door demands. */
export const anySamples: fc.Arbitrary<Sample[]> = fc
  .array(fc.record({ readings: anyReadings, afterMs: fc.constantFrom(0, 250, 1000, 5000, 700_000) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((polls) => {
    let monoMs = 5_000_000;
    return polls.map(({ readings, afterMs }, seq) => {
      monoMs += afterMs;
      const at = noon + monoMs - 5_000_000;
      return { v: wireVersion, seq, at, monoMs, readings, sampler: { pid: 4242, cpuMs: seq, rssBytes: 1 } };
    });
  });
