import fs from 'node:fs';
import { pathOf, pathOnly } from './regular-file.ts';

const maxLinks = 40;

/** A path below a root, without a link in it. */
export interface PathWithin {
  readonly root: string;
  readonly names: readonly string[];
}

/**
 * Resolves a path as a process with that root does, never out of it: in `/proc/PID/root/…` the kernel follows an absolute link to the
 * file of the host, because it is the root of the one who opens that counts (path_resolution(7)). A name that is not there is kept.
 */
export function resolveWithin(root: string, path: string): PathWithin {
  const left = path.split('/');
  const names: string[] = [];
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      names.pop();
      continue;
    }
    const target = linkOf({ root, names }, name);
    if (target === null || ++links > maxLinks) {
      names.push(name);
      continue;
    }
    if (target.startsWith('/')) names.length = 0;
    left.unshift(...target.split('/'));
  }
  return { root, names };
}

/** As a reader sees it. To open it, use `withFolder`: a container can put a link in the place of a folder at any moment. */
export const textOf = ({ root, names }: PathWithin): string => [root === '/' ? '' : root, ...names].join('/');

/**
 * Does something with the folder of a resolved path: each name is opened by itself, and none of them may be a link.
 *
 * @param use gets a path of the folder that stays the folder's
 * @throws the error of open(2): ENOTDIR when a link has taken the place of a folder
 */
export function withFolder<T>({ root, names }: PathWithin, use: (folder: string) => T): T {
  let fd = openFolder(root, 0);
  try {
    for (const name of names) {
      const next = openFolder(`${pathOf(fd)}/${name}`, fs.constants.O_NOFOLLOW);
      fs.closeSync(fd);
      fd = next;
    }
    return use(pathOf(fd));
  } finally {
    fs.closeSync(fd);
  }
}

function openFolder(path: string, flags: number): number {
  return fs.openSync(path, pathOnly | fs.constants.O_DIRECTORY | flags);
}

function linkOf(folder: PathWithin, name: string): string | null {
  try {
    return withFolder(folder, (path) => fs.readlinkSync(`${path}/${name}`));
  } catch {
    return null; // Not a link, or not there.
  }
}
