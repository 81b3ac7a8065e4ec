import { describe, expect, test } from 'vitest';
import { parseHeapText } from '../../../../src/parse/go/heap/debug1.ts';
import { parseHeapProto } from '../../../../src/parse/go/heap/proto.ts';
import type { HeapProfile } from '../../../../src/sample/heap.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';
import { recording } from '../goroutines/recordings.ts';

const profile = `heap profile: 3: 34928 [31: 1837584] @ heap/1048576
1: 12288 [2: 24576] @ 0x139dd78 0x139ddea
#	0x139dd77	example.com/quantile.newStream+0x1f7		example.com/quantile/stream.go:133
#	0x24cc58f	main.(*DaemonCli).start+0xa6f			/src/daemon.go:199

0: 0 [1: 2097152] @ 0x139dd78
#	0x139dd77


# runtime.MemStats
# Alloc = 10494496
# PauseNs = [124465 76514]
# DebugGC = false
# MaxRSS = 73428992
`;

describe('a heap profile of debug=1', () => {
  test('is scaled from the sampled allocations to all of them', () => {
    const { samples, ...rest } = parseHeapText(profile);
    expect(rest).toEqual({ form: 'debug1', rateBytes: 524_288, listing: null, partial: false, error: null });
    // 1 / (1 - exp(-12288 / 524288)) = 43.168…
    expect(samples[0]).toEqual({
      frames: [
        { func: 'example.com/quantile.newStream', file: 'example.com/quantile/stream.go', line: 133, args: null },
        { func: 'main.(*DaemonCli).start', file: '/src/daemon.go', line: 199, args: null },
      ],
      inuseObjects: 43,
      inuseBytes: 530_455,
      allocObjects: 86,
      allocBytes: 1_060_911,
    });
    expect(samples[1]).toMatchObject({
      inuseObjects: 0,
      inuseBytes: 0,
      allocObjects: 1,
      frames: [{ func: '0x139dd77' }],
    });
  });

  test('is not scaled when every allocation was sampled', () => {
    const { samples, rateBytes } = parseHeapText(profile.replace('heap/1048576', 'heap/2'));
    expect([rateBytes, samples[0]?.inuseBytes]).toEqual([1, 12288]);
  });

  test('may have ends of lines as Windows has them', () => {
    expect(parseHeapText(profile.replaceAll('\n', '\r\n'))).toEqual(parseHeapText(profile));
  });

  test('may be indented, with spaces for tabs, and without the # of its frames', () => {
    const whole = parseHeapText(profile);
    expect(parseHeapText(profile.replaceAll(/^/gm, '    '))).toEqual(whole);
    const unmarked = profile.replaceAll(/^#\t(?=0x)/gm, '    ').replaceAll(/\t+/g, '    ');
    expect(parseHeapText(unmarked)).toEqual(whole);
  });

  test('that is cut or damaged is partial, and names the line', () => {
    expect(parseHeapText(profile.slice(0, profile.indexOf('# runtime')))).toMatchObject({
      samples: [expect.anything(), expect.anything()],
      partial: true,
      error: 'line 9: the profile breaks off there',
    });
    expect(parseHeapText(profile.replace('0: 0 [', '0: 0 {')).error).toBe('line 6: neither a stack nor a frame');
    expect(parseHeapText(profile.replace('stream.go:133', 'stream.go')).error).toBe('line 3: not a frame');
  });

  test('is distinguished from a foreign text', () => {
    expect(() => parseHeapText('goroutine profile: total 3\n')).toThrow('no "heap profile:" in 1 lines');
  });

  test('gives a profile or an error for any text, soon', () => {
    expectToBear(parseHeapText, [profile]);
    expectNoHang(parseHeapText, [profile, '1: 1 [1: 1] @\n', '#\t0x1\t', '\n']);
  });

  test('of a real daemon has the same bytes by function as the binary one', () => {
    const flat = ({ samples }: HeapProfile): [string, number][] => {
      const bytes = new Map<string, number>();
      for (const { frames, inuseBytes } of samples) {
        const leaf = frames[0]?.func ?? '';
        if (inuseBytes > 0) bytes.set(leaf, (bytes.get(leaf) ?? 0) + inuseBytes);
      }
      return [...bytes].sort(([a], [b]) => a.localeCompare(b));
    };
    const text = parseHeapText(recording('stop-leak-t2.dockerd.heap.debug1.txt').toString());
    expect(text.error).toBeNull();
    expect(flat(text)).toEqual(flat(parseHeapProto(recording('stop-leak-t2.dockerd.heap.pb'))));
  });
});
