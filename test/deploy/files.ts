import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = path.join(import.meta.dirname, '../..');
export const deploy = path.join(root, 'deploy');

/** Any object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Each file below `deploy/` with these endings, by its path there. */
export function filesOf(folder: string, endings: RegExp): readonly string[] {
  return fs
    .readdirSync(path.join(deploy, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.test(file))
    .map((file) => path.join(folder, file))
    .toSorted();
}

/**
 * The documents of a YAML file below `deploy/`.
 *
 * @throws where it is no YAML, or has a key twice
 */
export function yamlOf(file: string): readonly unknown[] {
  const documents = parseAllDocuments(fs.readFileSync(path.join(deploy, file), 'utf8'));
  return documents.map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    return document.toJS() as unknown;
  });
}

export const jsonOf = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(deploy, file), 'utf8'));
