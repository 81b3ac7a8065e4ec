import type { Model } from '../../model/model.ts';
import type { SourceName } from '../../sample/sample.ts';

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
  /** Milliseconds since 1970; null when it cannot be told. */
  readonly since: number | null;
  readonly evidence: readonly Evidence[];
  readonly subjects: Subjects;
  readonly ruledOut: readonly { readonly id: string; readonly because: string }[];
  readonly remedies: readonly Remedy[];
  /** URLs or issues. */
  readonly references: readonly string[];
}

export interface Evidence {
  /** The file or request that told it. */
  readonly source: string;
  readonly text: string;
  /** When it was so, milliseconds since 1970; absent for what is so now. */
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

/** The parts of the Model that a source gives; a rule that needs them gets them without null. */
type Given = {
  readonly daemons: Model['daemons'];
  readonly stacks: NonNullable<Model['stacks']>;
  readonly containers: NonNullable<Model['containers']>;
  readonly processes: NonNullable<Model['processes']>;
  readonly shims: NonNullable<Model['shims']>;
  readonly mounts: NonNullable<Model['mounts']>;
  readonly disks: NonNullable<Model['disks']>;
  readonly writers: NonNullable<Model['writers']>;
  readonly cgroups: NonNullable<Model['cgroups']>;
  readonly logs: NonNullable<Model['logs']>;
  readonly host: NonNullable<Model['host']>;
};

export interface Rule<Need extends SourceName = SourceName> {
  readonly id: string;
  /** Without one of these there is nothing to judge: the runner answers for the rule. */
  readonly needs: readonly Need[];
  /** Not being able to judge it means that the node's health is not known. */
  readonly matters: boolean;
  /** One finding for each thing that is wrong; none when all is well. */
  readonly judge: (given: Pick<Given, Need>, model: Model) => readonly Finding[];
}

/** Declares a rule, with its needs as types. */
export const rule = <const Need extends SourceName>(declared: Rule<Need>): Rule => declared as unknown as Rule;
