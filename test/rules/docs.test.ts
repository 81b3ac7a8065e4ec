import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chainLinks } from '../../src/rules/engine/chain-links.ts';
import { rules } from '../../src/rules/rules.ts';

const text = fs.readFileSync(path.join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
/** The cells of each row of the table of rules. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('every rule has a row in docs/rules.md, and every row a rule', () => {
  // With an anchor, to which the runbook of an alert leads.
  const documented = rows.map(([cell = '']) => cell);
  expect(documented.toSorted()).toEqual(rules.map(({ id }) => `\`${id}\`<a id="${id}"></a>`).toSorted());
});

test('each row is whole, and names the sources that the rule needs', () => {
  for (const row of rows) {
    expect(row).toHaveLength(5);
    for (const cell of row) expect(cell).not.toBe('');
    const [id, severity = '', , needs] = row;
    const rule = rules.find((one) => id?.startsWith(`\`${one.id}\``));
    const named = rule?.needs.map((need) => [need].flat().join(' or ')) ?? [];
    expect(needs, id).toBe(named.length === 0 ? 'none' : named.join(', '));
    for (const word of severity.split(', ')) expect(['critical', 'warning', 'info']).toContain(word);
  }
});

test('every rule is the file of its name', () => {
  const files = fs.readdirSync(path.join(import.meta.dirname, '../../src/rules'));
  for (const { id } of rules) expect(files).toContain(`${id}.ts`);
});

test('the chains speak of rules that there are', () => {
  const ids = rules.map(({ id }) => id);
  for (const { effect, cause } of chainLinks) {
    expect(ids).toContain(effect);
    expect(ids).toContain(cause);
  }
});
