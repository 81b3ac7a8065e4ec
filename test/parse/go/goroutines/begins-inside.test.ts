import { describe, expect, test } from 'vitest';
import { detectForm, openGoroutineParser } from '../../../../src/parse/go/goroutines/form.ts';
import type { Goroutine } from '../../../../src/sample/goroutines.ts';

const bytes = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);

function read(text: Uint8Array): { goroutines: Goroutine[]; error: string | null } {
  const goroutines: Goroutine[] = [];
  const parser = openGoroutineParser('debug2', (one) => goroutines.push(one));
  parser.feed(text);
  return { goroutines, error: parser.end().error };
}

const update = 'github.com/containerd/containerd/metadata.(*snapshotter).Update(0xc420047440, 0x16dca60)';
const place = '\t/go/src/github.com/containerd/containerd/metadata/snapshot.go:209 +0x403';
const handler = 'github.com/containerd/containerd/services/snapshot.(*service).Update(0xc420186e00)';
const handlerPlace = '\t/go/src/github.com/containerd/containerd/services/snapshot/service.go:195 +0x3db';
const funcs = (goroutine: Goroutine | undefined): (string | undefined)[] | undefined =>
  goroutine?.frames.map(({ func }) => func.slice(func.lastIndexOf('/') + 1));

// https://github.com/containerd/containerd/issues/1694, https://github.com/containers/podman/issues/24923
describe('a page of a dump that begins in a goroutine', () => {
  test.each([
    ['with a function', [update, place, handler, handlerPlace]],
    ['with a place, whose function is lost', ['\t/go/overlay.go:83 +0xa0', update, place, handler, handlerPlace]],
  ])('%s: what is there of it is read, in an unknown state', (_, lines) => {
    const text = bytes(...lines);
    expect(detectForm(text)).toBe('debug2');
    const { goroutines, error } = read(text);
    expect(goroutines).toHaveLength(1);
    expect(goroutines[0]).toMatchObject({ id: null, state: 'unknown', waitMinutes: null });
    expect(funcs(goroutines[0])).toEqual(['metadata.(*snapshotter).Update', 'snapshot.(*service).Update']);
    expect(error).toContain('its header is missing');
  });

  // https://github.com/moby/moby/issues/27130, https://github.com/moby/moby/issues/32893
  test.each([
    ['the journal', 'Sep 23 19:47:07 server01 dockerd[1532]: ', '        '],
    ['syslog with a tab as its number', 'Mar  8 17:02:53 vm06 dockerd: ', '#011'],
  ])('is read behind the prefix of %s', (_, prefix, tab) => {
    const lines = [
      place,
      update,
      place,
      handler,
      handlerPlace,
      'goroutine 327 [semacquire, 3443 minutes]:',
      update,
      place,
    ];
    const { goroutines } = read(bytes(...lines.map((line) => prefix + line.replace('\t', tab))));
    expect(goroutines.map(({ id, state }) => [id, state])).toEqual([
      [null, 'unknown'],
      [327, 'semacquire'],
    ]);
    expect(funcs(goroutines[0])).toEqual(['metadata.(*snapshotter).Update', 'snapshot.(*service).Update']);
  });

  test('and the goroutines behind it are read as ever', () => {
    const { goroutines } = read(
      bytes(update, place, '', 'goroutine 67 gp=0xc0 m=nil [select]:', handler, handlerPlace),
    );
    expect(goroutines.map(({ id, state }) => [id, state])).toEqual([
      [null, 'unknown'],
      [67, 'select'],
    ]);
  });
});

test.each([
  ['the first line of a log that names a place', 'main.go:12: starting (v1.2)'],
  ['a call in the words of a log', 'time="2026-06-02T21:27:35Z" msg="(*Server).Serve(0xc42) failed"'],
  ['a bare name', 'runtime.goexit()'],
  ['a line of a daemon', 'Sep 23 19:47:07 server01 dockerd[1532]: time="2016" msg="x" error="a.b(0xc42) failed"'],
])('%s is no frame of a goroutine that was cut', (_, line) => {
  const { goroutines } = read(bytes(line, 'goroutine 1 [select]:', handler, handlerPlace));
  expect(goroutines.map(({ id }) => id)).toEqual([1]);
});

test('one frame alone is no dump', () => {
  expect(detectForm(bytes(update, place))).toBeNull();
});
