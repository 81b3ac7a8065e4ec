import fs from 'node:fs';
import path from 'node:path';
import lock from '../package-lock.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '..');

/** A library that is part of the bundle. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** In SPDX. */
  readonly license: string;
  readonly text: string;
}

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly os?: string | readonly string[];
}

/** The libraries that the program is bundled from, by name: all of the lock file but what only builds and tests need. */
export function bundledLibraries(): Library[] {
  return Object.entries<Locked>(lock.packages)
    .filter(([folder, { dev, os }]) => folder !== '' && !dev && os === undefined && !folder.includes('/@types/'))
    .filter(([folder]) => fs.existsSync(path.join(root, folder)))
    .map(([folder, { version = '', license = 'unknown' }]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, license, text: textIn(path.join(root, folder)) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
export function bundleLicenses(): string {
  const own = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
  const libraries = bundledLibraries().map(({ name, version, license, text }) =>
    licenseSection(
      `${name} ${version} (${license})`,
      text === '' ? `${license}; the package has no license text.` : text,
    ),
  );
  return [licenseSection('rtwatch (MIT)', own), ...libraries].join('\n');
}
