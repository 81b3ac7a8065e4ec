import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ContainerdContainerList, CriContainerList, PodSandboxList } from '../../src/parse/cri/messages.ts';
import { GoroutineBlocks } from '../../src/parse/go/goroutines/block.ts';
import type { Debug2Bytes } from '../../src/parse/go/goroutines/debug2-bytes.ts';
import type { EscapedMessage } from '../../src/parse/go/goroutines/escaped-message.ts';
import type { LastWords } from '../../src/parse/go/goroutines/last-words.ts';
import type { PlacesFirst } from '../../src/parse/go/goroutines/places-first.ts';
import type { WholeDumpParser } from '../../src/parse/go/goroutines/whole.ts';
import type { WrappedLines } from '../../src/parse/go/goroutines/wrapped.ts';
import { Names } from '../../src/parse/go/names.ts';
import type { LogDigest } from '../../src/parse/log/digest.ts';
import type { Entries } from '../../src/parse/log/entries.ts';
import { logPatternList } from '../../src/sample/log-patterns/patterns.ts';
import { threadMsOf } from '../support/cpu-time.ts';
import { anyText } from './any-text.ts';
import { recording } from './go/goroutines/recordings.ts';
import { recordedLog } from './log/recordings.ts';

const folder = path.join(import.meta.dirname, '../../src/parse');
const worlds = path.join(import.meta.dirname, '../worlds');
const casesEach = 400;
/** What one case may take of the processor: a text is a few kibibytes here, and a parser that is not linear takes far longer. */
const patienceMs = 1000;
const longestSample = 4096;
let cases = 0;

type Parser = (input: never) => unknown;
type Module = Readonly<Record<string, unknown>>;

const clock = { nowMs: Date.UTC(2026, 10, 21), utcOffsetMinutes: 60, bootAtMs: Date.UTC(2026, 10, 1) };

/** How to call what takes more, or something else, than one text. */
const callers: Readonly<Record<string, (module: Module) => (input: never) => unknown>> = {
  parseContainerInspect: ofJson,
  parseContainerList: ofJson,
  parseLogLine: (module) => withMore(module, 'parseLogLine', clock),
  matchLogLine: (module) => withMore(module, 'matchLogLine', clock, 'dockerd', [...logPatternList.keys()]),
  suspectLines: (module) => (text) =>
    (module['suspectLines'] as (...args: unknown[]) => unknown)(new TextEncoder().encode(text), () => {}),
  withStatusUnit: (module) => (text: string) =>
    (module['withStatusUnit'] as (...args: unknown[]) => unknown)(text, new TextEncoder().encode(text), text.length),
  LogDigest: (module) => (text) => {
    const digest = new (module['LogDigest'] as typeof LogDigest)({ container: null, since: null, until: null });
    digest.add({ bytes: new TextEncoder().encode(text), lines: 1 }, 'a.log', null, clock);
    return digest.summary();
  },
  clockOf: (module) => (text) =>
    (module['clockOf'] as (...args: unknown[]) => unknown)(new TextEncoder().encode(text), clock),
  parseListenArguments: (module) => (text: string) =>
    (module['parseListenArguments'] as (words: string[]) => unknown)(text.split('\0')),
  valuesOf: (module) => (text: string) =>
    (module['valuesOf'] as (words: string[], names: string[]) => unknown)(text.split('\0'), ['--host', '-H']),
  parseJson: (module) => withMore(module, 'parseJson', 'the answer'),
  parseHoldingMounts: (module) => withMore(module, 'parseHoldingMounts', ['/var/lib/docker', '/data']),
  parseVolumes: (module) => withMore(module, 'parseVolumes', ['/var/lib/a', '/data'], 8),
  parseUnitSettings: (module) => (text) =>
    (module['parseUnitSettings'] as (...args: unknown[]) => unknown)('docker.service', [{ path: '/a', text }]),
  parseProfileFrame: (module) => withMore(module, 'parseProfileFrame', new Names()),
  parseGoroutineProto: (module) => withMore(module, 'parseGoroutineProto', () => {}),
  parseListing: (module) => withMore(module, 'parseListing', () => {}),
  parseDebugger: (module) => withMore(module, 'parseDebugger', () => {}),
  parseLogDocument: (module) => withMore(module, 'parseLogDocument', () => {}),
  parseReversed: (module) => withMore(module, 'parseReversed', () => {}),
  Debug1Parser: (module) => fed(module, 'Debug1Parser'),
  Debug2Parser: (module) => fed(module, 'Debug2Parser'),
  Debug2Bytes: (module) => (text: string) => {
    const take = (): void => {};
    const parser = new (module['Debug2Bytes'] as typeof Debug2Bytes)({ onGoroutine: take, onRepeat: take });
    // Twice, so that what was learned is compared.
    for (let times = 0; times < 2; times++) parser.feed(new TextEncoder().encode(text));
    return parser.end();
  },
  EscapedMessage: (module) => (text: string) => {
    const take = (): void => {};
    const message = new (module['EscapedMessage'] as typeof EscapedMessage)(new GoroutineBlocks(take, take), {
      damage: take,
      other: take,
    });
    for (const line of text.split('\n')) if (!message.isCut || !message.continues(line)) message.part(line, true);
    message.breakOff();
  },
  PlacesFirst: (module) => (text: string) => {
    const places = new (module['PlacesFirst'] as typeof PlacesFirst)();
    return text.split('\n').map((line) => (places.take(line) ? places.next() : null));
  },
  LastWords: (module) => (text: string) => {
    const words = new (module['LastWords'] as typeof LastWords)();
    for (const line of text.split('\n')) words.line(line);
    return words.text;
  },
  ExportEntries: (module) => throughEntries(module, 'ExportEntries'),
  VerboseEntries: (module) => throughEntries(module, 'VerboseEntries'),
  JsonEntries: (module) => throughEntries(module, 'JsonEntries'),
  quotedPrefix: (module) => withMore(module, 'quotedPrefix', () => null),
  GoroutineHeaders: (module) => fed(module, 'GoroutineHeaders'),
  WholeDumpParser: (module) => (text: string) => {
    const parser = new (module['WholeDumpParser'] as typeof WholeDumpParser)();
    parser.feed(text);
    return parser.end();
  },
  WrappedLines: (module) => (text: string) => {
    const lines = new (module['WrappedLines'] as typeof WrappedLines)();
    return [...text.split('\n').flatMap((line) => lines.take(line)), ...lines.end()];
  },
  readSandboxes: (module) => decoded(module, 'readSandboxes', PodSandboxList),
  readContainers: (module) => decoded(module, 'readContainers', CriContainerList),
  readContainerdContainers: (module) => decoded(module, 'readContainerdContainers', ContainerdContainerList, 'default'),
};

/** These read bytes. */
const ofBytes = new Set([
  'parseGoroutineProto',
  'decodeProfile',
  'checkWire',
  'parseHeapProto',
  'detectForm',
  'parseZoneNames',
  'readSandboxes',
  'readContainers',
  'readContainerdContainers',
]);
/** These are no readers of anything from outside: they are given numbers, or what a reader has made. */
const noReaders = new Set([
  ...[
    'openGoroutineParser',
    'localTime',
    'syscallName',
    'writeBackOf',
    'Names',
    'GoroutineBlocks',
    'GoroutineStatuses',
    'HeaderBytes',
    'isHeaderAt',
    'KnownStacks',
    'compareStack',
    'templateOf',
    'lostInWords',
    'LogRuns',
    'LogTallies',
    'RecentCounts',
    'needlesOf',
  ],
]);

const parsers = await exported();
const texts = [...realTexts(), ...madeTexts()];
const dumps = ['stop-leak-t0.dockerd.pb', 'stop-leak-t2.dockerd.heap.pb'].map(
  (name) => new Uint8Array(recording(name)),
);

afterAll(() => {
  process.stdout.write(`${cases} cases of ${parsers.length} readers of text and bytes\n`);
  expect(cases).toBeGreaterThanOrEqual(10_000);
});

describe('whatever there is to read', () => {
  test('every reader is among those that are tried', () => {
    const names = parsers.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(50);
    for (const name of [...Object.keys(callers), ...ofBytes]) expect(names).toContain(name);
  });

  test.each(parsers)('$file: $name gives a value or an Error, in no time', ({ name, read }) => {
    const input: fc.Arbitrary<unknown> = ofBytes.has(name) ? anyBytes(dumps) : anyText(texts);
    fc.assert(
      fc.property(input, (given) => {
        cases++;
        const tookMs = threadMsOf(() => {
          try {
            read(given as never);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            for (const crash of [TypeError, ReferenceError]) expect(error).not.toBeInstanceOf(crash);
          }
        });
        expect(tookMs).toBeLessThan(patienceMs);
      }),
      { numRuns: casesEach },
    );
  });
});

/** Every function and class that a file of src/parse exports, called with one input. */
async function exported(): Promise<{ file: string; name: string; read: Parser }[]> {
  const found: { file: string; name: string; read: Parser }[] = [];
  for (const file of fs.readdirSync(folder, { encoding: 'utf8', recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const module = (await import(path.join(folder, file))) as Module;
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || noReaders.has(name)) continue;
      found.push({ file, name, read: callers[name]?.(module) ?? (value as Parser) });
    }
  }
  return found;
}

function throughEntries(module: Module, name: string): Parser {
  return (text: string) => {
    const entries = new (module[name] as new () => Entries)();
    return entries.take(text) + entries.end();
  };
}

function withMore(module: Module, name: string, ...more: readonly unknown[]): (input: never) => unknown {
  return (input) => (module[name] as (...args: unknown[]) => unknown)(input, ...more);
}

/** With the message that the bytes are decoded to, as an answer of gRPC is. */
function decoded(
  module: Module,
  name: string,
  message: { decode(bytes: Uint8Array): unknown },
  ...more: readonly unknown[]
): (bytes: never) => unknown {
  return (bytes) => (module[name] as (...args: unknown[]) => unknown)(message.decode(bytes), ...more);
}

/** The value that a text is the JSON of; of a text that is none, the text. */
function ofJson(module: Module): (text: never) => unknown {
  const [read] = Object.values(module).filter((value) => typeof value === 'function') as [(value: unknown) => unknown];
  return (text) => {
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // Any other value will do.
    }
    return read(value);
  };
}

interface Streaming {
  readonly feed: (text: string) => void;
  readonly end?: () => unknown;
  readonly count?: number;
}

/** Fed in two pieces, as a stream is cut anywhere. */
function fed(module: Module, name: string): (text: never) => unknown {
  return (text: string) => {
    const parser = new (module[name] as new (onItem: () => void) => Streaming)(() => {});
    parser.feed(text.slice(0, text.length / 3));
    parser.feed(text.slice(text.length / 3));
    return parser.end?.() ?? parser.count;
  };
}

/** One of each kind of file of the captured nodes, and some lines of the logs. */
function realTexts(): string[] {
  const byKind = new Map<string, string>();
  for (const file of fs.readdirSync(worlds, { recursive: true, encoding: 'utf8' })) {
    const kind = file.replace(/^[^/]+\//, '').replace(/\d+/g, 'N');
    if (byKind.has(kind) || byKind.size >= 60 || !fs.statSync(path.join(worlds, file)).isFile()) continue;
    byKind.set(kind, fs.readFileSync(path.join(worlds, file), 'utf8').slice(0, longestSample));
  }
  const logs = ['stop-leak-t2.dockerd.log', 'containerd-hang-t2.dmesg.txt', 'containerd-hang-t2.containerd.log'];
  const dumped = [
    'stop-leak-t2.dockerd.debug1.txt',
    'stop-leak-t2.dockerd.debug2.txt',
    'stop-leak-t2.dockerd.heap.debug1.txt',
  ];
  const inspects = path.join(import.meta.dirname, '../recordings/inspect/stuck-stop.json');
  return [
    ...byKind.values(),
    ...logs.map((name) => recordedLog(name).slice(0, longestSample)),
    ...dumped.map((name) => recording(name).toString().slice(0, longestSample)),
    fs.readFileSync(inspects, 'utf8').slice(0, 3 * longestSample),
    gunzipSync(fs.readFileSync(path.join(import.meta.dirname, '../recordings/wire-v1/stream.ndjson.gz')))
      .toString()
      .slice(0, longestSample),
  ];
}

/** Values of JSON, of the shapes that are asked of an engine. */
function madeTexts(): string[] {
  const odd = [null, 1e300, -1, '', [], {}, [null], { Id: 1 }, { State: null }, { State: { Status: 1 } }];
  const asked = {
    State: { Status: 'running', Pid: -1.5, Error: {} },
    Mounts: [null, 1, {}],
    HostConfig: 7,
    Config: [],
  };
  return [...odd, asked, [asked], { memstats: { HeapAlloc: 'x' } }, { memstats: null }].map((value) =>
    JSON.stringify(value),
  );
}

/** Arbitrary bytes, and real ones that are cut or have some flipped. */
function anyBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const sample = fc.constantFrom(...samples);
  const cut = fc.tuple(sample, fc.nat()).map(([bytes, length]) => bytes.slice(0, length % (bytes.length + 1)));
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 });
  const flipped = fc.tuple(sample, flips).map(([bytes, places]) => {
    const damaged = bytes.slice();
    for (const [place, value] of places) damaged[place % damaged.length] = value;
    return damaged;
  });
  return fc.oneof(fc.uint8Array({ maxLength: 2000 }), cut, flipped);
}
