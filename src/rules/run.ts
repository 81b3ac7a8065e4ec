import type { Model } from '../model/model.ts';
import type { Finding, Rule } from './rule.ts';

export interface Verdicts {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** What could not be judged, and why. */
  readonly unknown: readonly Unknown[];
}

export interface Unknown {
  readonly id: string;
  readonly because: string;
  readonly matters: boolean;
}

const ranks = { critical: 0, warning: 1, info: 2 };

/**
 * Judges a Model by every rule. A rule whose source gave nothing is `unknown`; one whose source is absent on this node has
 * nothing to find; one that throws is at fault itself and silences no other.
 */
export function run(rules: readonly Rule[], model: Model): Verdicts {
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  for (const rule of rules) {
    const missing = model.sources.find(({ name, ageMs }) => rule.needs.includes(name) && ageMs === null);
    if (missing?.status === 'absent') continue;
    if (missing !== undefined) {
      unknown.push({
        id: rule.id,
        because: `${missing.name}: ${missing.detail ?? missing.status}`,
        matters: rule.matters,
      });
      continue;
    }
    try {
      findings.push(...rule.judge(model as Parameters<Rule['judge']>[0], model));
    } catch (error) {
      const because = `the rule itself failed: ${error instanceof Error ? error.message : String(error)}`;
      unknown.push({ id: rule.id, because, matters: rule.matters });
    }
  }
  findings.sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  return { findings, unknown };
}
