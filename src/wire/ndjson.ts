import { type Sample, wireVersion } from '../sample/sample.ts';

/** One Sample as one line, with its newline. */
export function encodeSample(sample: Sample): string {
  return `${JSON.stringify(sample)}\n`;
}

/**
 * Reads one line back.
 *
 * @throws when the line is not JSON, not a Sample, or of a version newer than this program
 */
export function decodeSample(line: string): Sample {
  const value = JSON.parse(line) as Partial<Sample> | null;
  if (typeof value !== 'object' || value === null || typeof value.v !== 'number') throw new Error('not a sample');
  if (value.v > wireVersion) {
    throw new Error(`the samples are of version ${value.v}, this rtwatch reads up to ${wireVersion}: use a newer one`);
  }
  const { seq, at, monoMs, readings, sampler } = value;
  if (![seq, at, monoMs].every(Number.isFinite) || typeof readings !== 'object' || typeof sampler !== 'object') {
    throw new Error('a sample without seq, at, monoMs, readings or sampler');
  }
  return value as Sample;
}

/** A line longer than this is not ours: ten thousand containers make a few megabytes. */
const maxLineLength = 64 * 1024 * 1024;

/** Cuts a stream of text into lines; what is left without a newline waits for more. */
export class Lines {
  #rest: string[] = [];
  #length = 0;

  /**
   * The lines that are whole now.
   *
   * @throws when a line has no end
   */
  feed(chunk: string): string[] {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = this.#rest.join('') + lines[0];
      this.#rest = [];
      this.#length = 0;
    }
    this.#rest.push(last);
    this.#length += last.length;
    if (this.#length > maxLineLength) throw new Error('a line without an end: this is not a stream of samples');
    return lines.filter((line) => line !== '');
  }
}
