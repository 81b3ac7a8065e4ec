import type { Readings, Sample, SourceName } from '../../sample/sample.ts';
import { decodeSample, encodeSample } from '../ndjson.ts';

/** A Sample on its way into a recording: what the recording must know of it, and the rest only if it is needed. */
export interface Entry extends EntryHead {
  /** The Sample as one line, with newline. */
  readonly encode: () => string;
  readonly decode: () => Sample;
}

/** What decides how a Sample is recorded. */
interface EntryHead {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly monoMs: number;
  /** The sources that have a reading, each with those of its parts that later readings leave out because they were sent before. */
  readonly readings: { readonly [N in SourceName]?: readonly string[] };
}

export function entryOf(sample: Sample): Entry {
  return { ...headOf(sample), encode: () => encodeSample(sample), decode: () => sample };
}

/**
 * The line that the writer of a recording is sent for a Sample: the head first, so that it need not parse the Sample. JSON has
 * no tab, so the first one ends the head.
 */
export function entryLine(sample: Sample): string {
  return `${JSON.stringify(headOf(sample))}\t${encodeSample(sample)}`;
}

/**
 * Such a line, without its newline.
 *
 * @throws SyntaxError when it is none
 */
export function parseEntryLine(line: string): Entry {
  const tab = line.indexOf('\t');
  const head = JSON.parse(line.slice(0, Math.max(0, tab))) as EntryHead;
  const encoded = line.slice(tab + 1);
  return { ...head, encode: () => `${encoded}\n`, decode: () => decodeSample(encoded) };
}

function headOf({ at, monoMs, readings }: Sample): EntryHead {
  const names = Object.keys(readings) as SourceName[];
  return { at, monoMs, readings: Object.fromEntries(names.map((name) => [name, partsOf(name, readings)])) };
}

/** Few nodes have more than two; a stream from elsewhere may claim any number. */
const maxDaemons = 32;

function partsOf(name: SourceName, { disks, stacks }: Readings): string[] {
  if (name === 'disks' && disks?.status === 'ok' && disks.value.topology !== null) return ['topology'];
  if (name !== 'stacks' || stacks?.status !== 'ok') return [];
  const { daemons } = stacks.value;
  const sent = daemons.filter(({ stacks }) => stacks !== null).slice(0, maxDaemons);
  const whole = daemons.filter(({ whole }) => whole !== undefined).slice(0, maxDaemons);
  return [...sent.map(({ daemon }) => daemon), ...whole.map(({ daemon }) => `${daemon}/whole`)];
}
