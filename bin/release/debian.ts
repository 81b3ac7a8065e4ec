import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { deadlineMs } from './run.ts';

/** A package of Debian, by the one file it may be. */
export interface Pin {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const suite = 'bookworm';

/**
 * Downloads packages from the archive that apt uses on this machine, without a change to its own lists.
 *
 * @param architecture as Debian says it; need not be that of this machine
 * @returns the files, in the order of the pins
 * @throws Error that says how to renew the pins, if the archive has another version now
 */
export function download(pins: readonly Pin[], architecture: string, folder: string): string[] {
  const files = pins.map(({ name, version }) => path.join(folder, fileName(name, version, architecture)));
  const missing = pins.filter((_, index) => !fs.existsSync(files[index] ?? ''));
  if (missing.length > 0) {
    const apt = openApt(folder);
    for (const { name, version } of missing) {
      try {
        apt('apt-get', ['download', '-qq', `${name}:${architecture}=${version}`]);
      } catch (error) {
        const has = versionsOf(apt, name, architecture);
        const offer = has.length === 0 ? 'none' : has.map((one) => one.version).join(' and ');
        throw new Error(
          `${name} ${version} (${architecture}) is not in Debian's archive any more, which has ${offer}. ` +
            'Renew the pins with "bin/node bin/release/renew-carried.ts", test, and commit bin/release/carried.json',
          { cause: error },
        );
      }
    }
  }
  for (const [index, { name, version, sha256 }] of pins.entries()) {
    const file = files[index] ?? '';
    const found = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
    if (found === sha256) continue;
    fs.rmSync(file);
    throw new Error(`${name} ${version} (${architecture}) has the SHA-256 ${found}, and ${sha256} is pinned`);
  }
  return files;
}

/** The newest version of a package in the archive, with its hash. */
export function newest(name: string, architecture: string, folder: string): Pin {
  const apt = openApt(folder);
  const [first] = versionsOf(apt, name, architecture);
  if (first === undefined) throw new Error(`Debian ${suite} has no ${name} (${architecture})`);
  return first;
}

type Apt = (program: string, args: readonly string[]) => string;

/** The name under which apt stores it: a colon of the epoch is escaped. */
function fileName(name: string, version: string, architecture: string): string {
  return `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb`;
}

function versionsOf(apt: Apt, name: string, architecture: string): Pin[] {
  let text = '';
  try {
    text = apt('apt-cache', ['show', `${name}:${architecture}`]);
  } catch {
    return [];
  }
  return text.split('\n\n').flatMap((paragraph) => {
    const version = /^Version: (.+)$/m.exec(paragraph)?.[1];
    const sha256 = /^SHA256: (.+)$/m.exec(paragraph)?.[1];
    return version === undefined || sha256 === undefined ? [] : [{ name, version, sha256 }];
  });
}

/** apt with lists of its own in a folder, for both architectures. The archive and its key are those of this machine. */
function openApt(folder: string): Apt {
  const config = path.join(folder, 'apt.conf');
  const env = { ...process.env, APT_CONFIG: config };
  const apt: Apt = (program, args) =>
    execFileSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: deadlineMs });
  if (fs.existsSync(path.join(folder, 'lists/complete'))) return apt;
  fs.mkdirSync(path.join(folder, 'lists/partial'), { recursive: true });
  fs.writeFileSync(
    config,
    [
      `Dir::State::lists "${folder}/lists";`,
      `Dir::Cache::pkgcache "";`,
      `Dir::Cache::srcpkgcache "";`,
      'APT::Architectures { "amd64"; "arm64"; };',
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      ...debianOnly(),
    ].join('\n'),
  );
  try {
    apt('apt-get', ['update', '-qq']);
  } catch (error) {
    throw new Error("Debian's archive cannot be reached from here (apt-get update failed)", { cause: error });
  }
  fs.writeFileSync(path.join(folder, 'lists/complete'), '');
  return apt;
}

/** Only the entry of Debian itself: other archives may lack a list for the second architecture. */
function debianOnly(): string[] {
  const file = '/etc/apt/sources.list.d/debian.sources';
  return fs.existsSync(file) ? [`Dir::Etc::sourcelist "${file}";`, 'Dir::Etc::sourceparts "-";'] : [];
}
