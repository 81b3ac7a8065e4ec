import fs from 'node:fs';
import path from 'node:path';
import type { RolldownOutput } from 'rolldown';

const root = path.join(import.meta.dirname, '..');

/** A library that is part of the bundle. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** In SPDX. */
  readonly license: string;
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** As old packages say it. */
  readonly licenses?: readonly { readonly type: string }[];
}

/**
 * The libraries of which code is in a bundle, by name: what the bundler left out is not listed.
 *
 * @throws Error if a library has no manifest
 */
export function librariesOf({ output }: RolldownOutput): Library[] {
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.entries(chunk.modules) : []));
  const folders = modules.filter(([, { renderedLength }]) => renderedLength > 0).flatMap(([id]) => folderOf(id) ?? []);
  const libraries = [...new Set(folders)].map(libraryIn);
  // Two copies of one version are one library.
  const byVersion = new Map(libraries.map((library) => [`${library.name} ${library.version}`, library]));
  return [...byVersion.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, library]) => library);
}

function libraryIn(folder: string): Library {
  const manifest: Manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license = manifest.licenses?.[0]?.type ?? 'unknown' } = manifest;
  return { name, version, license: license.replace(/^\((.*)\)$/, '$1'), text: textIn(folder) };
}

/** The folder of the package that a module is from: the innermost one. Null for rtwatch's own. */
function folderOf(id: string): string | null {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? null;
}

function textIn(folder: string): string {
  const file = fs.readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)(?:\.|-|$)/i.test(name));
  return file === undefined ? '' : fs.readFileSync(path.join(folder, file), 'utf8').trim();
}

/** A part of the license texts. */
export function licenseSection(title: string, text: string): string {
  return `${'='.repeat(78)}\n${title}\n${'='.repeat(78)}\n\n${text.trim()}\n`;
}

/** The license of rtwatch and of the libraries in its bundle, as `rtwatch licenses` prints them. */
export function bundleLicenses(libraries: readonly Library[]): string {
  const own = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
  const sections = libraries.map(({ name, version, license, text }) =>
    licenseSection(
      `${name} ${version} (${license})`,
      text === '' ? `${license}; the package has no license text.` : text,
    ),
  );
  return [licenseSection('rtwatch (MIT)', own), ...sections].join('\n');
}
