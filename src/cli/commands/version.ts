import sea from 'node:sea';
import manifest from '../../../package.json' with { type: 'json' };

export const version: string = manifest.version;

/** Prints the version, or with `json` also what the program runs on. */
export function printVersion({ json }: { readonly json?: boolean }): void {
  const { arch, versions } = process;
  const form = sea.isSea() ? 'executable' : 'node';
  const about = { version, form, arch, node: versions.node, v8: versions.v8, openssl: versions.openssl };
  process.stdout.write(json ? `${JSON.stringify(about)}\n` : `${version}\n`);
}
