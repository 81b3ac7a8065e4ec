import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { stalledReader } from '../../src/rules/stalled-reader.ts';
import { ok } from '../../src/sample/reading.ts';
import type { HungRead, Sample } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([stalledReader], scenes.modelOf(scene)).findings;
const hung: HungRead = { source: 'processes', path: '/proc/28816/cgroup', at: make.noon + 8000 };
const sampler = (change: Partial<Sample['sampler']>): Partial<Sample> => ({
  sampler: { pid: 4800, cpuMs: 20, rssBytes: 5e7, ...change },
});
/** What comes from the sampler that leaves it out. */
const leavingOut = (change: Partial<Sample['sampler']>, seconds = 30): Sample =>
  make.sampleAt(seconds, {}, sampler(change));

describe('a file that hung', () => {
  const avoided = ['/proc/28816'];

  test('is reported with its process by name, the source, and since when', () => {
    const [first] = judge([...scenes.stopLeak, leavingOut({ hung: [hung], avoided })]);
    expect(first).toMatchObject({
      severity: 'warning',
      confidence: 'certain',
      title: '/proc/28816/cgroup of dd (pid 28816) does not answer',
      since: make.noon + 8000,
      subjects: { pids: [28_816], containers: [make.idOf('a9')] },
    });
    expect(first?.evidence).toEqual([
      {
        source: '/proc/28816/cgroup',
        at: Date.parse('2026-11-21T12:00:08Z'),
        text: 'no answer while reading processes; dd (pid 28816) in container a9a9a9a9a9a9',
      },
    ]);
    expect(first?.remedies[0]?.command).toBe('cat /proc/28816/status /proc/28816/task/*/wchan');
  });

  test('keeps its name although the process is no longer read', () => {
    const quiet = make.sampleAt(40, { processes: ok(make.processes([]), 1) }, sampler({ hung: [hung], avoided }));
    expect(judge([...scenes.stopLeak, leavingOut({ hung: [hung], avoided }), quiet])[0]?.title).toContain(
      'of dd (pid 28816)',
    );
  });

  test('of a process that was not in trouble is reported by the file', () => {
    const [first] = judge([
      leavingOut({ hung: [{ ...hung, path: '/proc/77/mountinfo', source: 'mounts' }], avoided: ['/proc/77'] }),
    ]);
    expect(first).toMatchObject({
      title: '/proc/77/mountinfo does not answer',
      subjects: { pids: [77], containers: [] },
    });
  });

  test('of no process, and a source without a file, are reported by what is known', () => {
    const reads: HungRead[] = [
      { source: 'disks', path: '/proc/diskstats', at: make.noon },
      { source: 'mounts', path: null, at: make.noon + 9000 },
    ];
    const [first, ...others] = judge([leavingOut({ hung: reads, avoided: ['/proc/diskstats'] })]);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      title: '/proc/diskstats does not answer, and 1 more read',
      since: make.noon,
      subjects: { pids: [] },
    });
    expect(first?.summary).toContain('quarantined /proc/diskstats and the whole source mounts');
    expect(first?.remedies.at(-1)?.text).toContain('what needs mounts is as old as its last sample');
  });
});

test('what a person left out only informs', () => {
  expect(judge([leavingOut({ avoided: ['/proc/5'] })])).toMatchObject([
    { severity: 'info', title: '/proc/5 is not read (--avoid)', since: null },
  ]);
});

test('a sampler that reads everything, or an older one that does not say, has no finding', () => {
  expect(judge(scenes.healthy)).toEqual([]);
  expect(judge([])).toEqual([]);
  expect(judge([leavingOut({ hung: [hung] }), leavingOut({}, 60)])).toEqual([]);
});
