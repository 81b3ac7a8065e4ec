import { eventStreamsOf } from '../../model/goroutines/event-streams.ts';
import type { GoroutinesReport } from './goroutines.ts';
import { lockJson } from './locks.ts';

/** The object of `goroutines --json`. Fields only get added. */
export function goroutinesJson({ name, report, note }: GoroutinesReport, top: number): object {
  return {
    schema: 1,
    name,
    program: report.program,
    form: report.form,
    total: report.total,
    partial: report.partial,
    error: report.error,
    note,
    abort: report.abort,
    groups: report.groups.slice(0, top).map((group) => ({
      count: group.count,
      state: group.states[0]?.state ?? null,
      states: group.states,
      waitMinutes: group.waitMinutes,
      frames: group.frames,
      createdBy: group.createdBy,
      pattern: group.pattern,
      delta: group.delta,
    })),
    patterns: report.patterns.map(({ id, title, count, subjects, meaning, references }) => ({
      id,
      title,
      count,
      subjects,
      meaning,
      references,
    })),
    locks: report.locks.map((lock) => lockJson(lock, report)),
    eventStreams: eventStreamsOf(report),
  };
}
