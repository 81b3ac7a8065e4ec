import type { Model } from '../../model/model.ts';
import { chain } from './chains.ts';
import type { Diagnosis } from './diagnosis.ts';
import { findingKeys } from './finding-keys.ts';
import type { Finding, Rule } from './rule.ts';

export interface Verdicts {
  /** The worst first, each cause before what follows from it. */
  readonly findings: readonly Diagnosis[];
  /** What could not be judged, and why. */
  readonly unknown: readonly Unknown[];
  /** What was found and is over, the newest first; absent where there is only one moment to tell of. */
  readonly resolved?: readonly Diagnosis[];
}

export interface Unknown {
  readonly id: string;
  readonly because: string;
  readonly matters: boolean;
  /** What a person could do to make it known; absent where nothing is known to help. */
  readonly remedy?: string;
}

/** A source that does not answer leaves its last value; after this long it tells nothing of now. */
const longestStaleMs = 120_000;

/**
 * Judges a Model by every rule. A rule whose source gives nothing is `unknown`; one whose source is absent on this node has
 * nothing to find; one that throws is at fault itself and silences no other.
 */
export function run(rules: readonly Rule[], model: Model): Verdicts {
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  for (const rule of rules) {
    const { id, needs, matters } = rule;
    const missing = model.sources.filter((source) => needs.includes(source.name) && isMissing(source));
    if (missing.some(({ status }) => status === 'absent')) continue;
    const [first] = missing;
    if (first !== undefined) {
      unknown.push({ id, because: `${first.name}: ${first.detail ?? first.status}`, matters, ...remedyFor(first) });
      continue;
    }
    try {
      findings.push(...rule.judge(model as Parameters<Rule['judge']>[0], model));
    } catch (error) {
      const because = `the rule itself failed: ${error instanceof Error ? error.message : String(error)}`;
      unknown.push({ id, because, matters });
    }
  }
  return { findings: chain(withKeys(findings)), unknown };
}

function isMissing({ status, ageMs }: Model['sources'][number]): boolean {
  return ageMs === null || (status !== 'ok' && ageMs > longestStaleMs);
}

/** All that is told, in its order: what is found, then what is over. */
export function toldFindings({ findings, resolved = [] }: Verdicts): readonly Diagnosis[] {
  return resolved.length === 0 ? findings : [...findings, ...resolved];
}

/** Each finding with the name it is known by. */
export function withKeys(findings: readonly Finding[]): (Finding & { readonly key: string })[] {
  const keys = findingKeys(findings);
  return findings.map((finding, index) => ({ ...finding, key: keys[index] ?? finding.id }));
}

/** From the words of the source itself: they are ours (`collect/`), or the kernel's names of errors. */
function remedyFor({ name, status, detail }: Model['sources'][number]): { remedy?: string } {
  if (/EACCES|EPERM|permission denied|operation not permitted/i.test(detail ?? '')) return { remedy: 'run as root' };
  const off = /the source "?(\w+)"? is off/.exec(detail ?? '')?.[1];
  if (off !== undefined) return { remedy: `run without --disable ${off}` };
  if (status === 'pending') return { remedy: `it is told as soon as ${name} answers` };
  return {};
}
