import path from 'node:path';
import { expect, test } from 'vitest';
import { codeOf, files } from './source-files.ts';

interface Parts {
  readonly leanLibraries: (root: string) => {
    readonly resolveId: (library: string) => string | null;
    readonly load: (id: string) => string | null;
  };
}

const root = path.join(import.meta.dirname, '../..');
const { leanLibraries } = (await import(path.join(root, 'bin/lean-libraries.js'))) as Parts;
const { resolveId, load } = leanLibraries(root);

/** The names that the bundle has of a library. */
function partsOf(library: string): string[] {
  const code = load(resolveId(library) ?? '') ?? '';
  return [...code.matchAll(/^exports\.(\w+) = /gm)].map(([, name = '']) => name);
}

/** The names that a file takes of a library, without those of types alone: at once, or lazily. */
function takenOf(file: string, library: string): string[] {
  const atOnce = `import \\{([^}]+)\\} from '${library}'`;
  const lazily = `const \\{([^}]+)\\} = await import\\('${library}'\\)`;
  return [...codeOf(file).matchAll(new RegExp(`${atOnce}|${lazily}`, 'g'))]
    .flatMap(([, one, other]) => (one ?? other ?? '').split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

test.each(['undici', 'prom-client'])('the bundle has of %s all that the sources take', (library) => {
  const taken = new Set(files.flatMap((file) => takenOf(file, library)));
  expect(taken.size).toBeGreaterThan(1);
  expect([...taken].filter((name) => !partsOf(library).includes(name))).toEqual([]);
});
