import type { Subjects } from '../../src/rules/engine/rule.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import type { Scene } from '../support/scenes.ts';

/** A state of a node, and what rtwatch has to say of it. */
export interface Case {
  /** What the node is like, in a sentence without its full stop. */
  readonly name: string;
  readonly scene: () => Scene;
  /** Every finding that must be there. Nothing else above `info` may be. */
  readonly expected: readonly Expected[];
  /** Rules whose finding is right but not asked for: what follows from the fault, sooner or later. */
  readonly mayAlso?: readonly string[];
  /** Rules that must say that they cannot judge. */
  readonly unknown?: readonly string[];
}

/** One rule's word. */
export interface Expected {
  readonly id: string;
  /** What its findings must name, all of them together; what is not given here is not compared. */
  readonly about?: Partial<Subjects>;
  /** How many findings of it there must be; not given where that does not matter. */
  readonly times?: number;
  /** Where the rule speaks below a warning. */
  readonly severity?: 'info';
}

/** A finding of a rule, about these. */
export const finds = (id: string, about: Partial<Subjects> = {}): Expected => ({ id, about });

/** What a finding about one container names. */
export const about = (container: { readonly id: string }): { readonly containers: string[] } => ({
  containers: [container.id],
});

/** A finding that tells of a risk, not of a fault. */
export const mentions = (id: string): Expected => ({ id, severity: 'info' });

/** Looks at a node, some seconds apart. */
export const looks = (seconds: number, apart: number, readings: (second: number) => Readings): Scene =>
  Array.from({ length: Math.floor(seconds / apart) + 1 }, (_, n) => make.sampleAt(n * apart, readings(n * apart)));

/** As `rtwatch check` looks: twice, within two seconds. */
export const glance = (readings: (second: number) => Readings): Scene => looks(2, 1, readings);

/** As the screen looks that has been open for a minute and a half, which is longer than any rule's patience with a look. */
export const watch = (readings: (second: number) => Readings): Scene => looks(100, 2, readings);

/** A state in which nothing is to be found. */
export const quiet = (name: string, scene: Case['scene'], more: Partial<Case> = {}): Case => ({
  name,
  scene,
  expected: [],
  ...more,
});
