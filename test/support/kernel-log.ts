import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { type Line, logged } from '../corpus/log-node.ts';
import type { NodeParts } from '../corpus/node.ts';
import { modelOf } from './scenes.ts';

/** What a rule finds on a node whose kernel log ends with these lines, some seconds apart. */
export function foundInKernelLog(id: string, messages: readonly string[], apart = 1): Finding {
  return foundInLines(
    id,
    messages.map((message, n): Line => [200 - n * apart, 'kernel', message]),
  );
}

export function foundInLines(id: string, lines: readonly Line[], parts: NodeParts = {}): Finding {
  const finding = run(rules, modelOf(logged(lines, parts)())).findings.find((one) => one.id === id);
  if (finding === undefined) throw new Error(`no finding ${id}`);
  return finding;
}

export const adviceOf = ({ remedies }: Finding): string =>
  remedies.map(({ text, command }) => `${text} ${command ?? ''}`).join(' ');
