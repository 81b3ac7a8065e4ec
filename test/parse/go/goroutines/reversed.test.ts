import { expect, test } from 'vitest';
import { detectForm, openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';
import { recording } from './recordings.ts';

function parse(text: string): { form: unknown; goroutines: Goroutine[]; end: DumpEnd } {
  const bytes = new TextEncoder().encode(text);
  const form = detectForm(bytes);
  if (form !== 'reversed' && form !== 'debug2') throw new Error(`${form}`);
  const goroutines: Goroutine[] = [];
  const parser = openGoroutineParser(form, (goroutine) => goroutines.push(goroutine));
  parser.feed(bytes);
  return { form, goroutines, end: parser.end() };
}

// https://github.com/containerd/containerd/issues/2744
test('a dump out of journalctl -r is turned around', () => {
  const plain = recording('containerd-hang-t1.containerd.debug2.txt').toString();
  const journal = plain
    .split('\n')
    .map((line) => (line === '' ? line : `Nov 17 18:45:41 node-7 containerd[45094]: ${line}`));
  const forward = parse(journal.join('\n'));
  const backward = parse(journal.toReversed().join('\n'));
  expect([forward.form, backward.form]).toEqual(['debug2', 'reversed']);
  expect(backward.goroutines).toEqual(forward.goroutines);
  expect(forward.end.error).toBeNull();
  expect(backward.end.error).toBe('the lines were in reverse order, newest first');
});

test('one that breaks off behind a header is not', () => {
  const text = 'goroutine 1 [select]:\nmain.f(0x1)\n\t/src/x.go:7 +0x2a\n\ngoroutine 2 [running]:\n';
  expect(parse(text)).toMatchObject({ form: 'debug2', end: { total: 2 } });
});
