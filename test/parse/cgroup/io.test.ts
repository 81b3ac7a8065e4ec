import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIoServiceBytes, parseIoStat } from '../../../src/parse/cgroup/io.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const v2 =
  '8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n' +
  '8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021 cost.usage=7\n';
const v1 =
  '8:0 Read 4096\n8:0 Write 100\n8:0 Sync 4196\n8:0 Async 0\n8:0 Discard 5\n8:0 Total 4196\n' +
  '254:0 Read 4\n254:0 Write 5\n254:0 Total 9\nTotal 4205\n';

describe('io.stat of version 2', () => {
  test('is added up over the devices', () => {
    expect(parseIoStat(v2)).toEqual({ readBytes: 91_889_664, writeBytes: 613_781_504 });
  });

  test('is zero without devices, as the kernel prints it for a group without I/O', () => {
    expect(parseIoStat('')).toEqual({ readBytes: 0, writeBytes: 0 });
    expect(parseIoStat('8:0 \n')).toEqual({ readBytes: 0, writeBytes: 0 });
  });

  test('does not take discards for writes', () => {
    expect(parseIoStat('8:0 dbytes=7 xrbytes=9\n')).toEqual({ readBytes: 0, writeBytes: 0 });
  });

  test('is the sum of any devices', () => {
    const device = fc.record({ r: fc.nat(2 ** 31), w: fc.nat(2 ** 31), minor: fc.nat(999) });
    fc.assert(
      fc.property(fc.array(device, { maxLength: 8 }), (devices) => {
        const text = devices.map(({ r, w, minor }) => `8:${minor} rbytes=${r} wbytes=${w} rios=1 wios=1\n`).join('');
        const sum = (of: (one: { r: number; w: number }) => number): number => devices.reduce((n, d) => n + of(d), 0);
        expect(parseIoStat(text)).toEqual({ readBytes: sum(({ r }) => r), writeBytes: sum(({ w }) => w) });
      }),
      { numRuns: 200 },
    );
  });
});

describe('blkio.throttle.io_service_bytes of version 1', () => {
  test('is added up over the devices, without the totals', () => {
    expect(parseIoServiceBytes(v1)).toEqual({ readBytes: 4100, writeBytes: 105 });
  });

  test('is zero where nothing was counted', () => {
    expect(parseIoServiceBytes('Total 0\n')).toEqual({ readBytes: 0, writeBytes: 0 });
  });
});

test('any text gives bytes', () => {
  expectToBear(parseIoStat, [v2]);
  expectToBear(parseIoServiceBytes, [v1]);
});

test('no text takes long', () => {
  expectNoHang(parseIoStat, [v2, ' rbytes=', '8:0 ']);
  expectNoHang(parseIoServiceBytes, [v1, '8:0 Read ', '8:']);
});
