import { matchLogLine, suspectLines } from '../../src/parse/log/match.ts';
import { LogTallies } from '../../src/parse/log/tallies.ts';
import { logPatternOf } from '../../src/sample/log-patterns/patterns.ts';
import type { LogsValue } from '../../src/sample/logs.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, glance } from './case.ts';
import { dockerNode, type NodeParts } from './node.ts';

export type Line = readonly [secondsAgo: number, program: string, message: string];

/** So many lines, some seconds apart, the newest last. */
export const repeated = (times: number, apart: number, newestAgo: number, program: string, message: string): Line[] =>
  Array.from({ length: times }, (_, n): Line => [newestAgo + (times - 1 - n) * apart, program, message]);

/** What the collector makes of these lines of a syslog. */
export function logsOf(lines: readonly Line[]): LogsValue {
  const clock = { nowMs: make.noon, utcOffsetMinutes: 0, bootAtMs: null };
  const tallies = new LogTallies();
  const text = lines
    .map(([ago, program, message]) => `${new Date(make.noon - ago * 1000).toISOString()} node-7 ${program}: ${message}`)
    .join('\n');
  suspectLines(new TextEncoder().encode(text), (line, candidates) => {
    const match = matchLogLine(line, clock, null, candidates);
    if (match !== null && logPatternOf(match.sign)?.routine !== true) tallies.note(match, 'journal');
  });
  tallies.newest(make.noon, 'journal');
  return make.logs({ tallies: tallies.list(), ...tallies.takeLines() });
}

/** A node with Docker whose journal holds these lines. */
export const logged =
  (lines: readonly Line[], parts: NodeParts = {}): Case['scene'] =>
  () =>
    glance((second) => dockerNode(second, { ...parts, readings: { ...parts.readings, logs: ok(logsOf(lines), 3) } }));
