import fs from 'node:fs';
import path from 'node:path';

const src = path.join(import.meta.dirname, '../../src');

/** Every source, by its path below `src`. */
export const files: readonly string[] = fs
  .readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .sort();

export const textOf = (file: string): string => fs.readFileSync(path.join(src, file), 'utf8');

const codes = new Map<string, string>();
/** Without comments. Of each file once: every law reads all of them. */
export function codeOf(file: string): string {
  const code = codes.get(file) ?? textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  codes.set(file, code);
  return code;
}
export const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** What a file imports, as it writes it: of types too, and lazily. */
export function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:\bfrom |\bimport(?: |\s*\())\s*'([^'\s]+)'/g)].map((match) => match[1] ?? '');
}

/** The sources that a file imports, by their paths below `src`. */
export function sourcesOf(file: string): string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => path.join(path.dirname(file), target));
}
