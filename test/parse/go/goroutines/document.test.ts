import { describe, expect, test } from 'vitest';
import { detectForm, openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';

const dump = [
  'goroutine 1 [select, 7 minutes]:',
  'main.f(0x1)',
  '\t/src/x.go:7 +0x2a',
  '',
  'goroutine 2 [running]:',
  'main.g()',
  '\t/src/x.go:9 +0x2b',
];

function parse(text: string): { kind: unknown; goroutines: Goroutine[]; end: DumpEnd } {
  const bytes = new TextEncoder().encode(text);
  const kind = detectForm(bytes);
  if (kind === null || kind === 'gzip') throw new Error(`${kind}`);
  const goroutines: Goroutine[] = [];
  const parser = openGoroutineParser(kind, (goroutine) => goroutines.push(goroutine));
  parser.feed(bytes);
  return { kind, goroutines, end: parser.end() };
}

const plain = parse(`${dump.join('\n')}\n`);

describe('a dump in the JSON of a collector has the same goroutines', () => {
  test.each<[string, (line: string) => object]>([
    ['Cloud Logging', (line) => ({ jsonPayload: { MESSAGE: line }, timestamp: '2026-11-30T12:00:00Z' })],
    ['Cloud Logging, as text', (line) => ({ textPayload: line })],
    ['Loki', (line) => ({ labels: { unit: 'docker' }, line })],
    ['Datadog', (line) => ({ attributes: { message: line } })],
    ['Elasticsearch', (line) => ({ _source: { message: line } })],
  ])('of %s', (_, wrap) => {
    const entries = dump.map(wrap);
    const lines = parse(`${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`);
    const list = parse(JSON.stringify(entries, null, 2));
    const newestFirst = parse(JSON.stringify(entries.toReversed(), null, 2));
    expect([lines.kind, list.kind]).toEqual(['debug2', 'document']);
    for (const { goroutines } of [lines, list, newestFirst]) expect(goroutines).toEqual(plain.goroutines);
    expect(newestFirst.end.error).toContain('reverse order');
  });

  test('a list that breaks off is read as text, and said to be cut', () => {
    const { end } = parse(`[ { "message": "x" }\n${dump.join('\n')}`);
    expect(end).toMatchObject({ total: 2 });
  });
});
