import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allMetrics } from '../../src/export/families.ts';
import { rules } from '../../src/rules/rules.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const files = fs
  .readdirSync(path.join(root, 'deploy'), { recursive: true, encoding: 'utf8' })
  .map((file) => `deploy/${file}`)
  .filter((file) => /\.(ya?ml|json)$/.test(file));

/** What stands as `key="value"`, `key: value` or `key=~"a|b"` in any of the files. */
function valuesOf(key: string): string[] {
  const named = new RegExp(`\\b${key}(?:=~?"|: ?)([a-z][a-z|-]*)`, 'g');
  return files.flatMap((file) => [...read(file).matchAll(named)].flatMap((match) => match[1]?.split('|') ?? []));
}

test('deploy/ names only rules that exist', () => {
  const ids = rules.map(({ id }) => id);
  const named = valuesOf('id');
  expect(named).not.toEqual([]);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

/** What stands in any of the files as the name of a metric of rtwatch, or of a recording rule over them. */
const namesLike = (name: RegExp): string[] => [
  ...new Set(files.flatMap((file) => [...read(file).matchAll(name)].map((match) => match[0]))),
];

test('deploy/ names only metrics that rtwatch export has', () => {
  const exported = allMetrics.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const named = namesLike(/(?<![:\w])rtwatch_\w+(?![:\w])/g);
  expect(named).toContain('rtwatch_finding');
  expect(named.filter((name) => !exported.includes(name))).toEqual([]);
});

test('deploy/ uses only recording rules that are there, and each of them', () => {
  const used = namesLike(/\w+:rtwatch_\w+:\w+/g);
  const recorded = [...read('deploy/prometheus/rtwatch.rules.yml').matchAll(/record: (\S+)/g)].map((match) => match[1]);
  expect(used.toSorted()).toEqual(recorded.toSorted());
});

test('every runbook_url leads to an anchor or a heading of the docs', () => {
  const urls = files.flatMap((file) =>
    [...read(file).matchAll(/^\s+runbook_url: (\S+)/gm)].map((match) => match[1] ?? ''),
  );
  expect(urls).not.toEqual([]);
  const expanded = urls.flatMap((url) => (url.includes('{{') ? [] : [url.split('#')]));
  for (const [file = '', anchor = ''] of expanded) expect(anchorsOf(file), `${file}#${anchor}`).toContain(anchor);
});

function anchorsOf(file: string): string[] {
  const text = read(file);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '').toLowerCase().replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] ?? '')];
}
