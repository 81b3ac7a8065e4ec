import { isObject, type JsonObject } from '../base/json-object.ts';
import { type Readings, type Sample, type SourceName, wireVersion } from '../sample/sample.ts';
import { headShape } from '../sample/schema/head.ts';
import { type Misfit, matchShape } from '../sample/schema/shape.ts';
import { readingShapes } from '../sample/schema/sources.ts';
import type { ListMemory } from './list-memory.ts';
import { NewerWire } from './ndjson.ts';

/** A Sample from foreign input (a file, standard input), and what was skipped in it. */
interface CheckedSample {
  readonly sample: Sample;
  /** The readings that are not as they should be, one thing of each; the paths begin with `readings`. */
  readonly misfits: readonly Misfit[];
}

/** A line of a recording, or of the stream that `rtwatch sample` writes. */
export interface CheckedLine extends CheckedSample {
  /** Lists of earlier lines that were not read: the readings that go by them are dropped. The paths begin with `readings`. */
  readonly missing: readonly Misfit[];
  /** A recording repeats it for a reader that starts at its block: the newest reading of its kind from before. */
  readonly carried: boolean;
}

/** The value is JSON, but no Sample: it cannot be used at all. */
export class NoSample extends Error {
  readonly misfit: Misfit;

  constructor(misfit: Misfit) {
    super('not a sample');
    this.misfit = misfit;
  }
}

/**
 * Reads a line that came through a foreign door. Lines of our own sampler and of our own memory are not checked.
 *
 * @param lists of the lines before it
 * @throws SyntaxError when it is not JSON, NoSample when it is no Sample, NewerWire
 */
export function decodeLine(line: string, lists: ListMemory): CheckedLine {
  const value: unknown = JSON.parse(line);
  if (!isObject(value)) throw noSample([], 'a sample', value);
  const { block: _, crc32: __, carried, ...sample } = value;
  const checked = checkSample(sample);
  return { ...checked, missing: lists.complete(checked.sample), carried: carried === true };
}

/**
 * The value of a line as a Sample that has the shape of its type. A reading that does not is dropped. Sources that this
 * version does not know are dropped silently: nothing reads them, and their number is unlimited.
 *
 * @throws NoSample; NewerWire
 */
function checkSample(value: JsonObject): CheckedSample {
  const { readings: given, ...rest } = headOf(value);
  const head = matchShape(headShape, rest);
  if (head.misfit !== null) throw new NoSample(head.misfit);
  const readings: Partial<Record<SourceName, unknown>> = {};
  const misfits: Misfit[] = [];
  for (const [name, reading] of Object.entries(given)) {
    if (!isSource(name)) continue;
    const checked = matchShape<unknown>(readingShapes[name], reading);
    if (checked.misfit === null) readings[name] = checked.value;
    else misfits.push({ ...checked.misfit, path: ['readings', name, ...checked.misfit.path] });
  }
  return { sample: { ...head.value, readings: readings as Readings }, misfits };
}

/** The wire's version comes first: what a newer rtwatch writes is not called wrong. */
function headOf(value: JsonObject): { readonly readings: JsonObject } {
  const { v, readings } = value;
  if (typeof v === 'number' && v > wireVersion) throw new NewerWire(v);
  if (!isObject(readings)) throw noSample(['readings'], 'an object', readings);
  return { ...value, readings };
}

const noSample = (path: readonly string[], expected: string, found: unknown): NoSample =>
  new NoSample({ path, expected, found });

function isSource(name: string): name is SourceName {
  return Object.hasOwn(readingShapes, name);
}
