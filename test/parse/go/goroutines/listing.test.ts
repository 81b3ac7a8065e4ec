import { describe, expect, test } from 'vitest';
import { parseListing } from '../../../../src/parse/go/goroutines/listing.ts';
import type { DumpEnd, Goroutine } from '../../../../src/sample/goroutines.ts';

function parse(text: string): { goroutines: Goroutine[]; end: DumpEnd } {
  const goroutines: Goroutine[] = [];
  const end = parseListing(text, (goroutine) => goroutines.push(goroutine));
  return { goroutines, end };
}

const header = '      flat  flat%   sum%        cum   cum%\n';

describe('goroutines that go tool pprof printed', () => {
  // https://github.com/ceph/ceph-csi/issues/4520
  test('a goroutine counts for each function, and those of the runtime say nothing', () => {
    const { goroutines, end } = parse(`Type: goroutine
(pprof) top 2
Showing nodes accounting for 9, 100% of 9 total
Showing top 2 nodes out of 55
${header}         8 88.89% 88.89%          8 88.89%  runtime.gopark
         0     0%   100%          3 33.33%  bufio.(*Reader).Read
`);
    expect(goroutines.map(({ count, frames }) => [count, frames.map(({ func }) => func)])).toEqual([
      [3, ['bufio.(*Reader).Read']],
    ]);
    expect(end).toMatchObject({ form: 'listing', total: 9, partial: true });
    expect(end.error).toMatch(/2 of 55 functions without their stacks/);
  });

  test('stacks are whole', () => {
    const line = '-----------+-------------------------------------------------------\n';
    const { goroutines, end } = parse(
      `Type: goroutine\n${line}       176   runtime.gopark\n             main.main\n${line}`,
    );
    expect(goroutines[0]).toMatchObject({ count: 176, frames: [{ func: 'runtime.gopark' }, { func: 'main.main' }] });
    expect(end).toEqual({ form: 'listing', total: 176, partial: false, error: null });
  });

  test.each([
    [
      'a CPU profile',
      `Type: cpu\n${header}     320ms 17.39% 17.39%      320ms 17.39%  runtime.futex\n`,
      /a CPU profile/,
    ],
    ['a heap', `Type: inuse_space\n${header}     320MB 17.39% 17.39%      320MB 17.39%  main.x\n`, /rtwatch heap/],
    ['a heap without a type', `${header}     320MB 17.39% 17.39%      320MB 17.39%  main.x\n`, /not of goroutines/],
  ])('%s is refused, with what it is', (_, text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });
});
