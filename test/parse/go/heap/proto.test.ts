import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHeapProto } from '../../../../src/parse/go/heap/proto.ts';
import type { HeapProfile } from '../../../../src/sample/heap.ts';
import { recording } from '../goroutines/recordings.ts';

const real = recording('stop-leak-t2.dockerd.heap.pb');

/** In use by the function that allocated, in kB as `go tool pprof -top` shows them. */
function top({ samples }: HeapProfile): [string, string][] {
  const flat = new Map<string, number>();
  for (const { frames, inuseBytes } of samples) {
    const leaf = frames[0]?.func ?? '';
    flat.set(leaf, (flat.get(leaf) ?? 0) + inuseBytes);
  }
  return [...flat].sort(([, a], [, b]) => b - a).map(([func, bytes]) => [func, (bytes / 1024).toFixed(2)]);
}

describe('a binary heap profile', () => {
  test('has the numbers of go tool pprof -top', () => {
    const profile = parseHeapProto(real);
    expect(profile).toMatchObject({ form: 'proto', rateBytes: 524_288, partial: false, error: null });
    const sum = profile.samples.reduce((all, { inuseBytes }) => all + inuseBytes, 0);
    expect((sum / 1024).toFixed(2)).toBe('35430.17');
    expect(top(profile).slice(0, 8)).toEqual([
      ['bufio.NewReaderSize', '10280.05'],
      ['bufio.NewWriterSize', '9762.04'],
      ['github.com/docker/docker/vendor/github.com/docker/libnetwork/ipamutils.splitNetwork', '1536.05'],
      ['regexp.onePassCopy', '1024.75'],
      ['runtime.malg', '1024.41'],
      ['net/textproto.readMIMEHeader', '1024.34'],
      ['github.com/docker/docker/vendor/github.com/aws/aws-sdk-go/aws/endpoints.init', '1024.16'],
      ['sync.runtime_SemacquireMutex', '1024.09'],
    ]);
  });

  test('reports for each stack what is in use and what was ever allocated', () => {
    for (const sample of parseHeapProto(real).samples) {
      expect(sample.frames.length).toBeGreaterThan(0);
      expect(sample.allocBytes).toBeGreaterThanOrEqual(sample.inuseBytes);
      expect(sample.allocObjects).toBeGreaterThanOrEqual(sample.inuseObjects);
    }
  });

  test('is distinguished from another profile', () => {
    expect(() => parseHeapProto(recording('stop-leak-t0.dockerd.pb'))).toThrow(
      'a profile of goroutine/count, not of a heap',
    );
    expect(() => parseHeapProto(new Uint8Array())).toThrow('not a pprof profile');
  });

  test('gives a profile or an error, whatever happened to its bytes', () => {
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        try {
          const profile = parseHeapProto(cut ? real.subarray(0, at) : Uint8Array.from(real).with(at, byte));
          expect(profile.partial).toBe(profile.error !== null);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          for (const crash of [TypeError, RangeError, ReferenceError]) expect(error).not.toBeInstanceOf(crash);
        }
      }),
      { numRuns: 200 },
    );
  });
});
