import type { Reading } from '../../sample/reading.ts';
import { type Readings, type Sample, type SourceName, wireVersion } from '../../sample/sample.ts';
import { asSample, NewerWire } from '../ndjson.ts';
import { SampleFilter } from '../sample-filter.ts';
import { apply, diff } from './delta.ts';

/** The version of the file format: it rises when an older reader would misread what is written. */
export const recordingFormat = 1;

/** How every block begins; also how one is found in a file that is not compressed. */
export const headerStart = '{"rtwatch":{"recording":';

/** The first line of a block, from which reading can start. */
export interface BlockHeader {
  /** Version of the format. */
  readonly recording: number;
  /** Counts the blocks of a recording from 0, across its parts. */
  readonly block: number;
  /** Milliseconds since 1970, of the Sample that the block was begun for. */
  readonly at: number;
  /** Highest version of the wire that is in it. */
  readonly wire: number;
  /** How many of the lines that follow were told in blocks before: the newest readings, for whoever starts here. */
  readonly carried: number;
}

type AnyReading = Reading<unknown>;

/** The key of a reading that tells only what changed since the one before of its source. No reading has such a key. */
const changedKey = '~';

/** Samples to lines. A block can be read alone; inside of it a reading tells what changed. */
export class RecordingEncoder {
  readonly #filter = new SampleFilter();
  readonly #last = new Map<string, AnyReading>();
  readonly #carried = new Map<string, Carried>();
  #count = 0;
  #blocks = 0;

  /** The lines that begin a block for this Sample, which is still to be added. */
  begin(sample: Sample): string {
    this.#last.clear();
    const carried = inOrder([...this.#carried.values()]);
    const header: BlockHeader = {
      recording: recordingFormat,
      block: this.#blocks++,
      at: sample.at,
      wire: wireVersion,
      carried: carried.length,
    };
    return `${JSON.stringify({ rtwatch: header })}\n${carried.map((one) => this.#line(one)).join('')}`;
  }

  /** Empty for a Sample that tells nothing, as most do that only announce a look. */
  add(sample: Sample): string {
    return this.#lines(this.#filter.take(sample));
  }

  /** What is left to write at the end. */
  end(): string {
    return this.#lines(this.#filter.end());
  }

  #lines(kept: readonly Sample[]): string {
    for (const sample of kept) this.#carry(sample);
    return kept.map((sample) => this.#line(sample)).join('');
  }

  #line(sample: Sample): string {
    const readings: Record<string, unknown> = {};
    for (const [name, reading] of Object.entries<AnyReading | undefined>(sample.readings)) {
      if (reading === undefined) continue;
      const last = this.#last.get(name);
      readings[name] = last === undefined ? reading : { [changedKey]: diff(last, reading) };
      this.#last.set(name, reading);
    }
    return `${JSON.stringify({ ...sample, readings })}\n`;
  }

  #carry(sample: Sample): void {
    const order = this.#count++;
    for (const name of Object.keys(sample.readings) as SourceName[]) {
      for (const key of carriedKeys(name, sample.readings)) {
        this.#carried.delete(key);
        this.#carried.set(key, { sample, name, order });
      }
    }
  }
}

interface Carried {
  readonly sample: Sample;
  readonly name: SourceName;
  readonly order: number;
}

/** A key for the newest reading of a source, and one for each part that later readings leave out because it was told. */
function carriedKeys(name: SourceName, { disks, stacks }: Readings): string[] {
  if (name === 'disks' && disks?.status === 'ok' && disks.value.topology !== null) return [name, 'disks/topology'];
  if (name === 'stacks' && stacks?.status === 'ok') {
    const told = stacks.value.daemons.filter(({ stacks }) => stacks !== null);
    return [name, ...told.slice(0, maxDaemons).map(({ daemon }) => `stacks/${daemon}`)];
  }
  return [name];
}

/** Few nodes have more than two; a stream from elsewhere may claim any number. */
const maxDaemons = 32;

/** Samples of the past with only the readings that are still the newest of their kind. */
function inOrder(carried: readonly Carried[]): Sample[] {
  const bySample = new Map<number, { readonly sample: Sample; readonly names: Set<SourceName> }>();
  for (const { sample, name, order } of [...carried].sort((a, b) => a.order - b.order)) {
    const known = bySample.get(order) ?? { sample, names: new Set() };
    known.names.add(name);
    bySample.set(order, known);
  }
  return [...bySample.values()].map(({ sample, names }) => {
    const { begin: _, ...rest } = sample;
    const readings = Object.fromEntries(
      Object.entries(sample.readings).filter(([name]) => names.has(name as SourceName)),
    );
    return { ...rest, readings };
  });
}

export type DecodedLine =
  | { readonly header: BlockHeader }
  | { readonly header: null; readonly sample: Sample; readonly carried: boolean };

/** Lines to Samples: of a recording, or of the plain stream that `rtwatch sample` writes. */
export class RecordingDecoder {
  readonly #last = new Map<string, AnyReading>();
  #carriedLeft = 0;

  /**
   * Reads one line. After one that could not be read, readings that only tell what changed are left out until the next
   * block, because what they changed is not known.
   *
   * @throws when the line is none of ours, or of a version newer than this program
   */
  decode(line: string): DecodedLine {
    try {
      const value: unknown = JSON.parse(line);
      if (isHeader(value)) return { header: this.#begin(value.rtwatch) };
      const sample = asSample(value);
      const carried = this.#carriedLeft > 0;
      if (carried) this.#carriedLeft--;
      return { header: null, sample: { ...sample, readings: this.#readings(sample.readings) }, carried };
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Something was lost: what came before is not what the next line changes. */
  forget(): void {
    this.#last.clear();
    this.#carriedLeft = 0;
  }

  #begin(header: unknown): BlockHeader {
    this.forget();
    const { recording, block, at, wire, carried } = header as Partial<BlockHeader>;
    if (typeof recording === 'number' && recording > recordingFormat) {
      throw new NewerRecording(
        `the recording is of format ${recording}, this rtwatch reads up to ${recordingFormat}: use a newer one`,
      );
    }
    if (typeof wire === 'number' && wire > wireVersion) {
      throw new NewerWire(wire);
    }
    if (![recording, block, at, carried].every(Number.isFinite)) throw new Error('the beginning of a block is damaged');
    this.#carriedLeft = carried ?? 0;
    return header as BlockHeader;
  }

  #readings(written: Readings): Readings {
    const readings: Record<string, AnyReading> = {};
    for (const [name, entry] of Object.entries<unknown>(written)) {
      if (typeof entry !== 'object' || entry === null) throw new Error('a reading that is none');
      const last = this.#last.get(name);
      const isChange = changedKey in entry;
      if (isChange && last === undefined) continue;
      const reading = isChange ? apply(last, entry[changedKey]) : entry;
      if (!isReading(reading)) throw new Error('a reading that is none');
      this.#last.set(name, reading);
      readings[name] = reading;
    }
    return readings;
  }
}

/** What was recorded is not damaged, but this program is too old for it. */
export class NewerRecording extends Error {}

function isHeader(value: unknown): value is { readonly rtwatch: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'rtwatch' in value &&
    typeof value.rtwatch === 'object' &&
    value.rtwatch !== null
  );
}

function isReading(value: unknown): value is AnyReading {
  return (
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    ['ok', 'absent', 'failed', 'pending'].includes(String(value.status))
  );
}
