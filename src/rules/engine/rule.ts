import type { SourceName } from '../../sample/sample.ts';
import type { Given, Need } from './parts.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** What is wrong, why that is known, and what to do. The shape of `check --json`. */
export interface Finding {
  /** The rule's name. */
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: 'certain' | 'likely' | 'possible';
  /** One line. */
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Milliseconds since 1970; null if unknown. */
  readonly since: number | null;
  /** When it was last so, milliseconds since 1970; missing for the present. */
  readonly until?: number;
  readonly evidence: readonly Evidence[];
  readonly subjects: Subjects;
  readonly ruledOut: readonly { readonly id: string; readonly because: string }[];
  readonly remedies: readonly Remedy[];
  /** URLs or issues. */
  readonly references: readonly string[];
}

export interface Evidence {
  /** The file or request that it comes from. */
  readonly source: string;
  readonly text: string;
  /** When it was observed, milliseconds since 1970; missing for the present. */
  readonly at?: number;
}

export interface Subjects {
  /** Full ids. */
  readonly containers: readonly string[];
  readonly pids: readonly number[];
  readonly mounts: readonly string[];
  readonly devices: readonly string[];
  readonly daemons: readonly string[];
}

export interface Remedy {
  readonly text: string;
  /** To be copied and run by a person. */
  readonly command: string | null;
  readonly risk: 'none' | 'low' | 'high';
}

export const noSubjects: Subjects = { containers: [], pids: [], mounts: [], devices: [], daemons: [] };

export interface Rule {
  readonly id: string;
  /** Without these its answer is unknown: the engine says so for the rule. */
  readonly needs: readonly Need[];
  /** What it also reads; it can judge without. */
  readonly uses: readonly SourceName[];
  /** Without one of these it judges in part, and the engine says so beside what it finds. Default: none. */
  readonly wholeWith?: readonly SourceName[];
  /** Not being able to judge it means that the node's health is not known. */
  readonly matters: boolean;
  /**
   * One finding for each thing that is wrong; none when all is well.
   *
   * @param given what its needs and uses give (`partsFrom`); `rule` ties the two together by type
   */
  readonly judge: (given: never) => readonly Finding[];
}

/** A rule with what it reads as types: reading anything else does not compile. */
interface Declared<N extends Need, U extends SourceName> extends Omit<Rule, 'judge'> {
  readonly needs: readonly N[];
  readonly uses: readonly U[];
  readonly judge: (given: Given<N, U>) => readonly Finding[];
}

/** Declares a rule. The engine gives it the parts of the Model that belong to its needs and uses, and no others. */
export function rule<const N extends Need = never, const U extends SourceName = never>(declared: Declared<N, U>): Rule {
  return declared;
}
