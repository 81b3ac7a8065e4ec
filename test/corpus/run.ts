// Prints how the rules do on every labelled state, a line for each rule.
import { rules } from '../../src/rules/rules.ts';
import { corpus } from './cases.ts';
import { judge, type Outcome, type Score, score } from './score.ts';

const outcomes = new Map<string, Outcome[]>(rules.map(({ id }) => [id, []]));
const faults: string[] = [];
for (const [kind, cases] of Object.entries(corpus)) {
  for (const one of cases) {
    const judgement = judge(one, rules);
    for (const [id, outcome] of judgement.outcomes) outcomes.get(id)?.push(outcome);
    faults.push(...judgement.faults.map((fault) => `${kind}: ${one.name}\n    ${fault}`));
  }
}

const head = ['rule', 'true +', 'false +', 'false -', 'true -', 'precision', 'recall'];
const ratio = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
const rowOf = (row: Score): string[] => [
  row.id,
  ...[row.truePositives, row.falsePositives, row.falseNegatives, row.trueNegatives].map(String),
  ratio(row.precision),
  ratio(row.recall),
];
const rows = [...outcomes].map(([id, list]) => rowOf(score(id, list)));
const table = [head, ...rows, rowOf(score('all rules', [...outcomes.values()].flat()))];
const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
for (const row of table) {
  console.log(row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '));
}
const kinds = Object.entries(corpus).map(([kind, cases]) => `${cases.length} ${kind}`);
console.log(`\n${Object.values(corpus).flat().length} states: ${kinds.join(', ')}`);
if (faults.length > 0) {
  console.log(`\n${faults.join('\n')}`);
  process.exitCode = 1;
}
