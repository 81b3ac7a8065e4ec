import type { DumpEnd, Goroutine, GoroutineForm, RepeatedGoroutine } from '../../sample/goroutines.ts';
import { type Abort, abortOf } from './abort.ts';
import { type GoroutineGroup, GoroutineGroups, stackKey } from './groups.ts';
import { reportLocks } from './locks/analysis.ts';
import type { LockReport } from './locks/report.ts';
import { LockTracker } from './locks/tracker.ts';
import { type Match, type Matchable, matchPatterns } from './patterns/match.ts';
import type { Pattern } from './patterns/pattern.ts';
import { patterns } from './patterns/table.ts';
import { programOf } from './program.ts';
import { RepeatedKind, wholeGoroutine } from './repeated-kind.ts';
import { Subjects, subjectAt } from './subjects.ts';

/** What a goroutine dump says. */
export interface DumpReport {
  /** What the dump declares, else what was counted. */
  readonly total: number;
  readonly partial: boolean;
  readonly error: string | null;
  readonly form: GoroutineForm;
  /** The largest first. */
  readonly groups: readonly ReportedGroup[];
  /** Only those found, the largest first. */
  readonly patterns: readonly ReportedPattern[];
  /** Those waited for by many or for long, most waiters first. */
  readonly locks: readonly LockReport[];
  /** The goroutine of `main.main`, which every whole dump has, is in it: only then absence proves anything. */
  readonly hasMain: boolean;
  /** The program that it is of, by its functions; null when they do not tell. */
  readonly program: string | null;
  /** Why the program wrote it and ended; null for the dump of a program that goes on. */
  readonly abort: Abort | null;
}

export interface ReportedGroup extends GoroutineGroup {
  /** The id of what is known about it, by its most frequent state. */
  readonly pattern: string | null;
  /** Against an earlier dump; null without one. See `withDeltas` in growth.ts. */
  readonly delta: number | null;
}

export interface ReportedPattern extends Pick<Pattern, 'id' | 'title' | 'meaning' | 'versions' | 'references'> {
  /** A goroutine counts for each pattern that fits: the counts may add up to more than there are. */
  readonly count: number;
  /** How many distinct containers (or whatever `noun` says) they are for; null if the dump does not show it. */
  readonly subjects: number | null;
  readonly noun: string | null;
  readonly harmless: boolean;
  /** The longest wait in minutes, of a call that is normally brief and is not; else null. */
  readonly overdueMinutes: number | null;
}

interface AnalysisOptions {
  readonly maxStacks?: number;
  readonly table?: readonly Pattern[];
  /** Of an earlier dump, by the same table: most stacks of a daemon come again. */
  readonly known?: KnownStacks;
}

/** The stacks of a dump, by their key, and which patterns fit them. */
export type KnownStacks = ReadonlyMap<string, KnownStack>;

interface KnownStack {
  /** The text itself, so that all that remember it share one. */
  readonly key: string;
  readonly byState: Map<string | null, readonly Match[]>;
}

/**
 * Groups, known patterns and their subjects in one pass over a dump of any size: memory is bounded by the number of distinct
 * stacks, and patterns are matched once for each of them.
 */
export class DumpAnalysis {
  readonly #maxStacks: number;
  readonly #table: readonly Pattern[];
  readonly #groups: GoroutineGroups;
  readonly #locks = new LockTracker();
  #hasFirst = false;
  #hasIds = false;
  /** The first that was running: in the dump of an abort the one that failed. */
  #running: Goroutine | null = null;
  readonly #earlier: KnownStacks;
  readonly #known = new Map<string, KnownStack>();
  /** Of repeated goroutines, by the number of the stack, then by that of the kind. */
  readonly #kinds: (RepeatedKind | undefined)[][] = [];
  readonly #tallies = new Map<Pattern, { count: number; subjects: Subjects }>();

  constructor({ maxStacks = 20_000, table = patterns, known = new Map() }: AnalysisOptions = {}) {
    this.#maxStacks = maxStacks;
    this.#table = table;
    this.#earlier = known;
    this.#groups = new GoroutineGroups(maxStacks);
  }

  add(goroutine: Goroutine): void {
    const key = stackKey(goroutine);
    this.#groups.add(goroutine, key);
    this.#locks.add(goroutine, key);
    if (goroutine.id !== null) this.#hasIds = true;
    if (goroutine.id === 1) this.#hasFirst = true;
    if (goroutine.state === 'running') this.#running ??= goroutine;
    for (const { pattern, places } of this.#matchesOf(goroutine, key)) {
      const tally = this.#tallyOf(pattern);
      tally.count += goroutine.count;
      tally.subjects.add(subjectAt(goroutine.frames, places));
    }
  }

  /**
   * A goroutine whose stack was added before. Those of one stack and state are counted here and added together at the end;
   * what differs from one to the next is what it is about and which lock it waits for.
   */
  addRepeat(goroutine: RepeatedGoroutine): void {
    if (goroutine.id === 1) this.#hasFirst = true;
    const { stack, kind } = goroutine;
    let kinds = this.#kinds[stack.index];
    if (kinds === undefined) {
      kinds = [];
      this.#kinds[stack.index] = kinds;
    }
    const known = kinds[kind];
    if (known !== undefined) {
      known.add(goroutine, this.#locks);
      return;
    }
    const first = wholeGoroutine(goroutine);
    const key = stackKey(first);
    this.add(first);
    const about = this.#matchesOf(first, key).map(({ pattern, places }) => ({ tally: this.#tallyOf(pattern), places }));
    kinds[kind] = new RepeatedKind(first, key, about);
  }

  #addKinds(): void {
    // Not every number is taken, of stacks or of kinds.
    for (const kind of this.#kinds.flat()) {
      for (const goroutine of kind?.counted() ?? []) this.#groups.add(goroutine, kind?.key);
    }
    this.#kinds.length = 0;
  }

  #matchesOf(goroutine: Matchable, key: string): readonly Match[] {
    const stack = this.#known.get(key) ?? this.#earlier.get(key) ?? { key, byState: new Map() };
    if (this.#known.size < this.#maxStacks) this.#known.set(stack.key, stack);
    const known = stack.byState.get(goroutine.state);
    if (known !== undefined) return known;
    const matches = matchPatterns(goroutine, this.#table);
    stack.byState.set(goroutine.state, matches);
    return matches;
  }

  #tallyOf(pattern: Pattern): { count: number; subjects: Subjects } {
    const known = this.#tallies.get(pattern);
    if (known !== undefined) return known;
    const tally = { count: 0, subjects: new Subjects() };
    this.#tallies.set(pattern, tally);
    return tally;
  }

  finish({ total, partial, error, form, abort }: DumpEnd): DumpReport {
    this.#addKinds();
    const groups = this.#groups.finish();
    const known = groups.map((group) => ({ group, found: this.#patternsOf(group) }));
    const longest = new Map<Pattern, number>();
    for (const { group, found } of known) {
      const minutes = group.waitMinutes?.max ?? 0;
      for (const pattern of found) longest.set(pattern, Math.max(longest.get(pattern) ?? 0, minutes));
    }
    const isExcerpt = this.#hasIds && !this.#hasFirst;
    return {
      total,
      partial: partial || isExcerpt,
      error: isExcerpt && !partial ? [excerpt, error].filter((text) => text !== null).join('; ') : error,
      form,
      groups: known.map(({ group, found: [first] }) => ({ ...group, pattern: first?.id ?? null, delta: null })),
      patterns: [...this.#tallies]
        .map(([pattern, tally]) => reportPattern(pattern, tally, longest.get(pattern) ?? 0))
        .sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)),
      locks: reportLocks(this.#locks, { isExcerpt: isExcerpt && total <= mostChosen }),
      hasMain: this.#hasFirst || groups.some(({ frames }) => frames.some(({ func }) => func === 'main.main')),
      program: programOf(groups),
      abort: abort === undefined ? null : abortOf(abort, this.#running),
    };
  }

  /** Those of its most frequent state first. */
  #patternsOf(group: GoroutineGroup): readonly Pattern[] {
    const { frames, createdBy, states } = group;
    const key = stackKey(group);
    const all = states.length === 0 ? [null] : states.map(({ state }) => state);
    return all.flatMap((state) => this.#matchesOf({ frames, createdBy, state }, key).map(({ pattern }) => pattern));
  }

  /** For the analysis of a later dump. */
  get knownStacks(): KnownStacks {
    return this.#known;
  }
}

/** More than a person pastes by hand. */
const mostChosen = 20;
const excerpt = 'an excerpt: goroutine 1, which every whole dump has, is missing';

function reportPattern(
  // What is a sign anyway says for how long: Go writes waits of a minute and more.
  { id, title, meaning, versions, references, noun, harmless, briefMinutes = harmless ? Infinity : 1 }: Pattern,
  { count, subjects }: { count: number; subjects: Subjects },
  longestMinutes: number,
): ReportedPattern {
  const isOverdue = longestMinutes >= briefMinutes;
  return {
    id,
    title,
    count,
    subjects: subjects.distinct,
    noun,
    meaning,
    versions,
    references,
    harmless: harmless && !isOverdue,
    overdueMinutes: isOverdue ? longestMinutes : null,
  };
}
