import type { LogUnit } from '../logs.ts';

/** The subject of a pattern, in the order of a typical incident. */
export type LogGroup = 'stop' | 'removal' | 'task-exit' | 'events' | 'memory' | 'disk' | 'node' | 'config';

/** A line worth knowing: how it is recognised, what it means, and the rule it belongs to. */
export interface LogPattern {
  /** The units whose lines it may be in; others (a container that prints the same words) are ignored. */
  readonly units: readonly LogUnit[];
  readonly group: LogGroup;
  /** The worst that such lines can mean by themselves, if recent and frequent enough; `info` is evidence only. */
  readonly severity: 'critical' | 'warning' | 'info';
  /** Id of the rule that makes a finding of it, or uses it as evidence. */
  readonly rule: string;
  /** One line, for the reader. */
  readonly meaning: string;
  /**
   * Words of which a line holds at least one, in lower case: checked before anything else is done with a line. No quotation
   * mark, bracket or ampersand in them: those are escaped if the line is inside JSON.
   */
  readonly hints: readonly string[];
  /**
   * Any of these. Groups: `container`, `pid`, `comm`, `seconds`, `device`, and `about`: the subject of the line if it is
   * none of those (a server, a network device, a unit, a path).
   */
  readonly patterns: readonly RegExp[];
  /** What a line that names no program has to hold as well: other programs print such words, too. */
  readonly ofUnknown?: RegExp;
  /** Only lines that logrus wrote with this level. */
  readonly level?: 'fatal';
  /** The ids in its lines are of network sandboxes, not of containers. */
  readonly nameless?: true;
  /** Healthy nodes log it too: the sampler leaves it out, so that no rule sees it. Shown only by `rtwatch logs`. */
  readonly routine?: true;
}

export type LogPatterns = Readonly<Record<string, LogPattern>>;
