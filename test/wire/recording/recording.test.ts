import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyHistory, type History, reduce } from '../../../src/model/history.ts';
import { derive } from '../../../src/model/model.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { encodeSample } from '../../../src/wire/ndjson.ts';
import { openRecording, type RecordingFile, replayHistoryMs } from '../../../src/wire/recording/reader.ts';
import { RecordingWriter, type WriterOptions } from '../../../src/wire/recording/writer.ts';
import { expectSame } from '../../support/expect-same.ts';
import { noon, sampleAt } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';
import { nodeStream } from './streams.ts';

const unbounded: WriterOptions = { maxBytes: null, maxAgeMs: null };
const packings = ['', '.gz', '.zst'];
let folder = '';
let file = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-recording-'));
  file = path.join(folder, 'node');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Records with a flush every two seconds of the Samples' time, and after the last. */
async function record(name: string, samples: Iterable<Sample>, options = unbounded): Promise<void> {
  const writer = new RecordingWriter(name, options);
  let flushedMonoMs = 0;
  for (const sample of samples) {
    writer.add(sample);
    if (sample.monoMs - flushedMonoMs < 2000) continue;
    await writer.flush();
    flushedMonoMs = sample.monoMs;
  }
  await writer.close();
}

async function samplesOf(name: string, from = 0): Promise<Sample[]> {
  const recording = await openRecording(name);
  try {
    return await all(recording.samplesFrom(from));
  } finally {
    await recording.close();
  }
}

async function all(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const list: Sample[] = [];
  for await (const sample of samples) list.push(sample);
  return list;
}

const withReadings = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ readings }) => Object.keys(readings).length > 0);
const essence = (samples: readonly Sample[]): unknown[] => withReadings(samples).map(plain);

/** As it is written: a reader gives the keys in the order of the types, which is no matter to `expectSame`. */
const plain = (sample: Sample): unknown => JSON.parse(JSON.stringify(sample));

/** Five blocks of a small node, made once: every shorter one is its beginning. */
const longNode: readonly Sample[] = [...nodeStream({ containers: 4, seconds: 1500, unroundedAges: true })];
const longEssence = essence(longNode);
const smallNode = (seconds: number): Sample[] => longNode.filter(({ at }) => at < noon + seconds * 1000);

async function historyAt(recording: RecordingFile, at: number, fromMs: number): Promise<History> {
  let history = emptyHistory;
  for await (const sample of recording.samplesFrom(fromMs)) {
    if (sample.at > at) break;
    history = reduce(history, sample);
  }
  return history;
}

describe.each(packings)('a recording named node%s', (ending) => {
  const ownFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-recording-'));
  const long = path.join(ownFolder, `node${ending}`);
  // As long as a test may take: on a busy machine it is what takes longest.
  beforeAll(() => record(long, longNode), 120_000);
  afterAll(() => fs.rmSync(ownFolder, { recursive: true, force: true }));

  test('gives back the Samples byte for byte', async () => {
    expectSame(essence(await samplesOf(long)), longEssence);
  });

  test('gives back all that a scene can hold', async () => {
    const all = [scenes.stopLeak, scenes.failing, scenes.crowded, scenes.odd, scenes.gone, scenes.slowDisk];
    for (const [i, scene] of all.entries()) {
      await record(`${file}${i}${ending}`, scene);
      expectSame(essence(await samplesOf(`${file}${i}${ending}`)), essence(scene));
    }
  });

  test('is the same text for the tools that know its packing', async () => {
    const samples = smallNode(400);
    await record(file + ending, samples);
    await record(`${file}-plain`, samples);
    const bytes = fs.readFileSync(file + ending);
    const text =
      ending === '.zst' ? unzstd(bytes) : ending === '.gz' ? zlib.gunzipSync(bytes).toString() : bytes.toString();
    expect(text).toBe(fs.readFileSync(`${file}-plain`, 'utf8'));
  });

  test('with a damage in one block keeps the others, and says where it is damaged', async () => {
    const bytes = fs.readFileSync(long);
    const recording = await openRecording(long);
    expect(recording.blocks).toBe(5);
    await recording.close();
    const middle = ending === '' ? newLineAfter(bytes, bytes.length * 0.5) : Math.floor(bytes.length * 0.5);
    bytes.fill(0x55, middle, middle + 300);
    fs.writeFileSync(`${file}-damaged`, bytes);
    const damaged = await openRecording(`${file}-damaged`);
    const got = withReadings(await all(damaged.samplesFrom(0)));
    expect(got.length).toBeGreaterThan(longEssence.length * 0.7);
    expectSame(got.slice(0, 1000).map(plain), longEssence.slice(0, 1000));
    expectSame(got.slice(-500).map(plain), longEssence.slice(-500));
    expect(damaged.damage()).toMatchObject({
      blocks: 1,
      first: expect.stringMatching(/^(?:line \d+|block at byte \d+): /),
    });
    await damaged.close();
  });

  test('goes to a moment without reading what is before it', async () => {
    const recording = await openRecording(long);
    expect([recording.from, recording.to]).toEqual([longNode[0]?.at, longNode.at(-1)?.at]);
    expect(recording.blocks).toBe(5);
    const moment = noon + 900_500;
    const got = await all(recording.samplesFrom(moment));
    expectSame(withReadings(got).slice(-100).map(plain), longEssence.slice(-100));
    expect(got.length).toBeLessThan(longNode.length * 0.6);
    // The newest of every source comes first, each from when it was taken.
    const first = got.findIndex(({ at }) => at >= noon + 900_000);
    expect(new Set(got.slice(0, first).flatMap(({ readings }) => Object.keys(readings))).size).toBe(11);
    expect(await recording.lastBefore(noon + 900_030)).toBe(noon + 900_020);
    expect(await recording.lastBefore(noon - 1)).toBeNull();
    await recording.close();
  });

  test('leads to the same model as all the Samples do', async () => {
    const recording = await openRecording(long);
    const at = noon + 1_400_060;
    const [short, whole] = [
      await historyAt(recording, at, at - replayHistoryMs),
      longNode.filter((sample) => sample.at <= at).reduce(reduce, emptyHistory),
    ]
      .map(derive)
      .map((model) => ({ ...model, disks: model.disks === null ? null : { ...model.disks, someChart: null } }));
    await recording.close();
    // The growth and the charts of an hour, and how often something was looked at, need the whole; all else does not.
    for (const part of [
      'sources',
      'host',
      'containers',
      'processes',
      'shims',
      'mounts',
      'disks',
      'writers',
      'logs',
    ] as const) {
      expectSame(short?.[part], whole?.[part], part);
    }
  });
});

describe('the stream of rtwatch sample', () => {
  test.each(['', 'gzip', 'zstd'])('is a recording too, plain or packed by %s', async (tool) => {
    const samples = smallNode(120);
    const text = Buffer.from(samples.map(encodeSample).join(''));
    fs.writeFileSync(
      file,
      tool === 'gzip' ? zlib.gzipSync(text) : tool === 'zstd' ? zlib.zstdCompressSync(text) : text,
    );
    expectSame((await samplesOf(file)).map(plain), samples.map(plain));
    const recording = await openRecording(file);
    expect([recording.from, recording.to]).toEqual([samples[0]?.at, samples.at(-1)?.at]);
    await recording.close();
  });

  test('has places to start from when it is large', async () => {
    const samples = [...nodeStream({ containers: 300, seconds: 60 })];
    fs.writeFileSync(file, samples.map(encodeSample).join(''));
    const recording = await openRecording(file);
    expect(recording.blocks).toBeGreaterThan(2);
    const got = await all(recording.samplesFrom(noon + 50_000));
    await recording.close();
    expect(got.length).toBeLessThan(samples.length / 2);
    expectSame(got.map(plain), samples.slice(-got.length).map(plain));
  });

  test('may lack its last newline', async () => {
    fs.writeFileSync(file, encodeSample(sampleAt(0, {})) + encodeSample(sampleAt(1, {})).trimEnd());
    expect(await samplesOf(file)).toHaveLength(2);
  });
});

describe('recordings of earlier versions', () => {
  const earlier = path.join(import.meta.dirname, '../../recordings/wire-v1');
  const stream = zlib.gunzipSync(fs.readFileSync(path.join(earlier, 'stream.ndjson.gz'))).toString();

  test.each(['recording.ndjson', 'recording.ndjson.gz', 'recording.ndjson.zst', 'stream.ndjson.gz'])(
    'are read as on the day they were made: %s of version 1',
    async (name) => {
      const samples = await samplesOf(path.join(earlier, name));
      const lines = stream.split('\n').filter((line) => line !== '' && !line.includes('"readings":{}'));
      // Fields that came later have their defaults.
      expect(samples.filter(({ readings }) => Object.keys(readings).length > 0)).toMatchObject(
        lines.map((line): unknown => JSON.parse(line)),
      );
      const findings = run(rules, derive(samples.reduce(reduce, emptyHistory))).findings;
      expect(findings.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['unkillable-container', 'goroutine-leak-on-stop']),
      );
    },
  );
});

describe('a recording with a bound', () => {
  test('keeps to its size in four parts, and each can be read alone', async () => {
    const samples = [...nodeStream({ containers: 8, seconds: 300 })];
    await record(`${file}.gz`, samples, { maxBytes: 60_000, maxAgeMs: null });
    const names = fs.readdirSync(folder).sort();
    expect(names).toEqual(['node.1.gz', 'node.2.gz', 'node.3.gz', 'node.gz']);
    const sizes = names.map((name) => fs.statSync(path.join(folder, name)).size);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(90_000);
    let before = 0;
    for (const name of ['node.3.gz', 'node.2.gz', 'node.1.gz', 'node.gz']) {
      const part = await openRecording(path.join(folder, name));
      expect(part.from).toBeGreaterThan(before);
      before = part.to;
      await part.close();
    }
    expect(before).toBe(samples.at(-1)?.at);
  });

  test('gives up what is too old', async () => {
    await record(file, smallNode(400), { maxBytes: null, maxAgeMs: 80_000 });
    const oldest = await openRecording(`${file}.3`);
    expect(oldest.from).toBeGreaterThanOrEqual(noon + 310_000);
    await oldest.close();
    const newest = await openRecording(file);
    expect(newest.to - newest.from).toBeLessThanOrEqual(20_000);
    await newest.close();
  });

  test('ends rather than remove or replace a file of somebody else', async () => {
    fs.writeFileSync(`${file}.2`, 'mine');
    expect(() => new RecordingWriter(file, { maxBytes: 1e6, maxAgeMs: null })).toThrow(`${file}.2 exists`);
    fs.rmSync(`${file}.2`);
    const writer = new RecordingWriter(file, { maxBytes: null, maxAgeMs: 8000 });
    fs.writeFileSync(`${file}.1`, 'mine');
    for (const sample of smallNode(5)) writer.add(sample);
    await expect(writer.flush()).rejects.toThrow(`${file}.1 exists`);
    await expect(writer.close()).rejects.toThrow();
    expect(fs.readFileSync(`${file}.1`, 'utf8')).toBe('mine');
    expect((await samplesOf(file)).length).toBeGreaterThan(5);
  });
});

describe('the file of a recording', () => {
  test('is for its owner only', async () => {
    await record(file, smallNode(1));
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is never one that is there, nor behind a link', () => {
    fs.writeFileSync(file, 'mine');
    fs.symlinkSync(`${file}-elsewhere`, `${file}-link`);
    for (const taken of [file, `${file}-link`]) {
      expect(() => new RecordingWriter(taken, unbounded)).toThrow(
        `cannot make ${taken}: file exists; not overwriting. Use another name, or move it away`,
      );
    }
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect(fs.existsSync(`${file}-elsewhere`)).toBe(false);
  });

  test('that was removed, or whose directory was, ends the recording', async () => {
    const writer = new RecordingWriter(file, unbounded);
    fs.rmSync(folder, { recursive: true });
    writer.add(sampleAt(0, {}));
    await expect(writer.flush()).rejects.toThrow(`cannot write ${file}: the file or its directory was removed`);
    expect(() => new RecordingWriter(file, unbounded)).toThrow(`cannot make ${file}: no directory ${folder}`);
  });

  test('is not said to lack a directory that is there and takes no files', () => {
    expect(() => new RecordingWriter('/proc/rtwatch.ndjson', unbounded)).toThrow(
      /: (\/proc takes no files|permission denied)/,
    );
  });

  test.each([
    ['ENOSPC', /no space left in .*\. The recording so far is readable\. Limit it with --max-size/],
    ['EROFS', /the filesystem of .* is read-only\. Use another directory/],
    ['EIO', /I\/O error in .*/],
    ['EDQUOT', /disk quota exceeded in .*/],
  ])('that cannot be written for %s keeps what is in it', async (code, words) => {
    const samples = smallNode(10);
    const writer = new RecordingWriter(file, unbounded);
    for (const sample of samples.slice(0, 40)) writer.add(sample);
    await writer.flush();
    for (const sample of samples.slice(40)) writer.add(sample);
    const { writeSync } = fs;
    // A disk takes a part of the last write, and then nothing more.
    const full = vi
      .spyOn(fs, 'writeSync')
      .mockImplementationOnce((fd, bytes) => writeSync(fd, bytes as unknown as Buffer, 0, 99));
    full.mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    await expect(writer.flush()).rejects.toThrow(words);
    await expect(writer.close()).rejects.toThrow(words);
    full.mockRestore();
    const safe = essence(samples.slice(0, 40));
    expectSame(essence(await samplesOf(file)), safe);
    expect(writer.progress.samples).toBe(40);
  });

  test.each([
    ['not there', (name: string) => fs.rmSync(name, { force: true }), /there is no such file or folder/],
    ['empty', (name: string) => fs.writeFileSync(name, ''), /the file is empty/],
    ['a directory', (name: string) => fs.mkdirSync(name), /cannot be read: not a regular file/],
    ['a FIFO', (name: string) => void execFileSync('mkfifo', [name]), /cannot be read: not a regular file/],
    [
      'something else',
      (name: string) => fs.writeFileSync(name, '\x1b[31mhello\n'.repeat(9)),
      /: no samples in it \(line 1: this is not JSON\)$/,
    ],
    [
      'a bomb',
      (name: string) => fs.writeFileSync(name, zlib.zstdCompressSync(Buffer.alloc(1e8))),
      /larger than any recording once unpacked/,
    ],
    [
      'of a newer rtwatch',
      (name: string) => fs.writeFileSync(name, '{"v":7}\n'),
      /have version 7, this rtwatch reads up to 1/,
    ],
  ])('that is %s is refused in words that name it', async (_, make, words) => {
    make(file);
    const error = await openRecording(file).catch((error: Error) => error);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(words);
    expect(String(error)).toContain(file);
    expect(String(error)).not.toContain('\x1b');
  });
});

/** Frame after frame: Node's own stream stops at the first that is none of data. */
function unzstd(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const skipped = at + 8 + bytes.readUInt32LE(at + 4);
    const next = bytes.indexOf('rtwatch\x01', skipped);
    const end = next === -1 ? bytes.length : next - 8;
    text += zlib.zstdDecompressSync(bytes.subarray(skipped, end)).toString();
    at = end;
  }
  return text;
}

/** Where a line begins that is not repeated from before its block: nothing is lost with one that is, and nothing is said. */
function newLineAfter(bytes: Buffer, from: number): number {
  for (let start = bytes.indexOf('\n', Math.floor(from)) + 1; start > 0; start = bytes.indexOf('\n', start) + 1) {
    if (!bytes.subarray(start, bytes.indexOf('\n', start)).includes('"carried":true')) return start;
  }
  throw new Error('every line is a repeated one');
}
