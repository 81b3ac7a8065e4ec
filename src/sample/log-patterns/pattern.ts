import type { LogUnit } from '../logs.ts';

/** What a pattern is about; the order is that of a sick node's story. */
export type LogGroup = 'stop' | 'removal' | 'task-exit' | 'events' | 'memory' | 'disk' | 'node' | 'config';

/** A line that is worth knowing: how it is recognised, what it means, and which rule it belongs to. */
export interface LogPattern {
  /** Whose lines it may be in; anybody else's (a container that writes the same words) are not believed. */
  readonly units: readonly LogUnit[];
  readonly group: LogGroup;
  /** The most that such lines can mean by themselves, recent and often enough; `info` is evidence only. */
  readonly severity: 'critical' | 'warning' | 'info';
  /** Id of the rule that finds something because of it, or for which it is evidence. */
  readonly rule: string;
  /** One line, for people. */
  readonly meaning: string;
  /**
   * Words of which a line holds at least one, in small letters: looked for before anything else is done with a line. No
   * quotation mark, bracket or ampersand in them: those are escaped where the line is inside JSON.
   */
  readonly hints: readonly string[];
  /**
   * Any of these. Groups: `container`, `pid`, `comm`, `seconds`, `device`, and `about`: what the line is about where it is none
   * of those (a server, a network device, a unit, a path).
   */
  readonly patterns: readonly RegExp[];
  /** The ids in its lines are those of network sandboxes, which are not the containers'. */
  readonly nameless?: true;
  /** Said on every healthy node as well: told only where a log is read by itself. */
  readonly routine?: true;
}

export type LogPatterns = Readonly<Record<string, LogPattern>>;
