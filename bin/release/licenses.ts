import fs from 'node:fs';
import path from 'node:path';
import { bundleLicenses, type Library, licenseSection } from '../licenses.ts';
import { carriedLibraries } from './inputs.ts';
import type { Target } from './targets.ts';

/** The licenses of all that is in the executable: the bundle, Node.js, and the carried libraries with the texts they refer to. */
export function executableLicenses({ node, root }: Target, bundled: readonly Library[]): string {
  const nodeLicense = fs.readFileSync(path.join(path.dirname(node), '../LICENSE'), 'utf8');
  const read = (file: string): string => fs.readFileSync(path.join(root, 'usr/share', file), 'utf8');
  const libraries = carriedLibraries.map(({ package: name, version, license }) =>
    licenseSection(`${name} ${version} of Debian (${license})`, read(`doc/${name}/copyright`)),
  );
  const texts = commonTexts.map((name) => licenseSection(name, read(`common-licenses/${name}`)));
  return [bundleLicenses(bundled), licenseSection('Node.js', nodeLicense), ...libraries, ...texts, replacing].join(
    '\n',
  );
}

/** The texts that the packages refer to. */
const commonTexts = ['LGPL-2.1', 'GPL-2', 'GPL-3'];

/** What the LGPL asks for: that the library can be replaced. */
const replacing = licenseSection(
  'Source and replacement of the carried libraries',
  'glibc, libstdc++ and libgcc are those of the Debian packages above, unchanged; their sources are the Debian source packages glibc and gcc-12 ' +
    'of these versions. To replace them, put other versions of the packages into bin/release/carried.json of the source of rtwatch and run ' +
    '"npm run release".',
);
