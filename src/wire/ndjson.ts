import { type Sample, wireVersion } from '../sample/sample.ts';

/** A sample as one line, with newline. */
export function encodeSample(sample: Sample): string {
  return `${JSON.stringify(sample)}\n`;
}

/**
 * Parses one line.
 *
 * @throws if the line is not JSON, not a sample, or newer than this program
 */
export function decodeSample(line: string): Sample {
  return asSample(JSON.parse(line));
}

/**
 * The value as a Sample: what every line must have is checked, the readings are taken as they are.
 *
 * @throws as `decodeSample`
 */
export function asSample(value: unknown): Sample {
  if (typeof value !== 'object' || value === null) throw new Error('not a sample');
  const { v, seq, at, monoMs, readings, sampler } = value as Partial<Sample>;
  if (typeof v !== 'number') throw new Error('not a sample');
  if (v > wireVersion) throw new NewerWire(v);
  const isWhole = [seq, at, monoMs].every(Number.isFinite) && isObject(readings) && isObject(sampler);
  if (!isWhole || Math.abs(at ?? 0) > lastMs) throw new Error('a sample without seq, at, monoMs, readings or sampler');
  return value as Sample;
}

/** The last moment that a Date can hold (ECMA-262, Time Values and Time Range). */
const lastMs = 8.64e15;

/** The line is valid, but this program is too old for it. */
export class NewerWire extends Error {
  constructor(version: number) {
    super(`the samples have version ${version}, this rtwatch reads up to ${wireVersion}. Use a newer rtwatch`);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
