import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

const sourcesBelow = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => path.join(folder, file));

const texts = new Map(
  ['src', 'test'].flatMap(sourcesBelow).map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')]),
);

/** What is imported of a file by the others, by name; all of it where it is imported whole. */
function imported(): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const note = (from: string, target: string, name: string): void => {
    const file = path.join(path.dirname(from), target);
    names.set(file, (names.get(file) ?? new Set()).add(name));
  };
  for (const [file, text] of texts) {
    for (const [, clause = '', target = ''] of text.matchAll(/^(?:import|export)\s+([^;]*?)\s+from '(\.[^']+)'/gm)) {
      const inner = /\{([\s\S]*)\}/.exec(clause)?.[1];
      if (inner === undefined) note(file, target, '*');
      for (const name of (inner ?? '').split(',')) {
        const first = /^\s*(?:type\s+)?(\w+)/.exec(name)?.[1];
        if (first !== undefined) note(file, target, first);
      }
    }
    for (const [, target = ''] of text.matchAll(/import\(\s*'(\.[^']+)'\s*\)/g)) note(file, target, '*');
  }
  return names;
}

/** Generated: it has all that its .proto has. */
const generated = ['src/parse/cri/messages.ts'];

function unusedExports(): string[] {
  const uses = imported();
  return [...texts]
    .filter(([file]) => file.startsWith('src/') && !generated.includes(file))
    .flatMap(([file, text]) =>
      [...text.matchAll(/^export (?:async |abstract )?(?:const|function\*?|class|interface|type|enum) (\w+)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !uses.get(file)?.has(name) && !uses.get(file)?.has('*'))
        .map((name) => `${file}: ${name}`),
    );
}

test('whatever a file exports is imported by another', () => {
  expect(unusedExports()).toEqual([]);
});
