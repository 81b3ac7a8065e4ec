import type { Model, SourceModel } from '../../model/model.ts';
import type { SourceName } from '../../sample/sample.ts';
import { chain } from './chains.ts';
import type { Diagnosis } from './diagnosis.ts';
import { findingKeys } from './finding-identity.ts';
import { onThisNode } from './node-commands.ts';
import { missingSources, type Need, partsFrom } from './parts.ts';
import type { Finding, Rule } from './rule.ts';

export interface Verdicts {
  /** The worst first, each cause before what follows from it. */
  readonly findings: readonly Diagnosis[];
  /** What could not be judged, and why. */
  readonly unknown: readonly Unknown[];
  /** Findings that are over, the newest first; missing if there is only one moment. */
  readonly resolved?: readonly Diagnosis[];
}

export interface Unknown {
  readonly id: string;
  readonly because: string;
  readonly matters: boolean;
  /** What a person could do to make it known; absent where nothing is known to help. */
  readonly remedy?: string;
}

/**
 * Judges a Model by every rule. A rule whose need is missing is `unknown`, with the reason; one whose need is absent on this node
 * has nothing to find; one that throws is at fault itself and silences no other.
 */
export function run(rules: readonly Rule[], model: Model): Verdicts {
  const missing = missingSources(model);
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  for (const rule of rules) {
    const { id, needs, uses, matters } = rule;
    const unmet = unmetOf(needs, missing);
    if (unmet === 'absent') continue;
    if (unmet !== null) {
      unknown.push({ id, because: `${unmet.name}: ${unmet.detail ?? unmet.status}`, matters, ...remedyFor(unmet) });
      continue;
    }
    try {
      const lacking = rule.wholeWith?.flatMap((name) => missing.get(name) ?? []).find((one) => !isAbsent(one));
      if (lacking !== undefined) {
        const because = `judged in part, ${lacking.name}: ${lacking.detail ?? lacking.status}`;
        unknown.push({ id, because, matters, ...remedyFor(lacking) });
      }
      const judged = rule.judge(partsFrom([...needs.flat(), ...uses], model, missing) as never);
      findings.push(...judged.map((finding) => onThisNode(finding, model)));
    } catch (error) {
      const because = `the rule itself failed: ${error instanceof Error ? error.message : String(error)}`;
      unknown.push({ id, because, matters });
    }
  }
  return { findings: chain(withKeys(findings)), unknown };
}

/**
 * A source that should give what a rule needs, and gives nothing now; `absent` when a need is not on this node at all; null when each is
 * met. Every rule is asked every second, so it makes no lists.
 */
function unmetOf(needs: readonly Need[], missing: ReadonlyMap<SourceName, SourceModel>): SourceModel | 'absent' | null {
  let first: SourceModel | undefined;
  for (const need of needs) {
    const sources = unmetBy(need, missing);
    if (sources.length === 0) continue;
    const one = sources.find((source) => !isAbsent(source));
    if (one === undefined) return 'absent';
    first ??= one;
  }
  return first ?? null;
}

/** The sources of a need, when none of them gives anything now. */
function unmetBy(need: Need, missing: ReadonlyMap<SourceName, SourceModel>): readonly SourceModel[] {
  if (typeof need !== 'string')
    return need.every((name) => missing.has(name)) ? need.flatMap((name) => missing.get(name) ?? []) : met;
  const gone = missing.get(need);
  return gone === undefined ? met : [gone];
}

const met: readonly SourceModel[] = [];

const isAbsent = ({ status }: SourceModel): boolean => status === 'absent';

/** All findings in the order shown: the present ones, then the resolved ones. */
export function allFindings({ findings, resolved = [] }: Verdicts): readonly Diagnosis[] {
  return resolved.length === 0 ? findings : [...findings, ...resolved];
}

/** Each finding with the name it is known by. */
export function withKeys(findings: readonly Finding[]): (Finding & { readonly key: string })[] {
  const keys = findingKeys(findings);
  return findings.map((finding, index) => ({ ...finding, key: keys[index] ?? finding.id }));
}

/** From the words of the source itself: they are ours (`collect/`), or the kernel's names of errors. */
function remedyFor({ name, status, detail }: SourceModel): { remedy?: string } {
  if (/EACCES|EPERM|permission denied|operation not permitted/i.test(detail ?? '')) return { remedy: 'run as root' };
  const off = /the source "(\w+)", which is disabled|^disabled with --disable (\w+)/
    .exec(detail ?? '')
    ?.slice(1)
    .find(Boolean);
  if (off !== undefined) return { remedy: `run without --disable ${off}` };
  if (status === 'pending') return { remedy: `it is known as soon as ${name} answers` };
  return {};
}
