import { codeOf } from './system-error.ts';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'a file of that name is there',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on its disk',
  EDQUOT: 'disk quota exceeded',
  EROFS: 'its filesystem is read-only',
  EIO: 'I/O error on its disk (see dmesg)',
};

/** Why a file could not be read or written, without its name: `no space left on its disk`. */
export function fileTrouble(error: unknown): string {
  const known = words[codeOf(error) ?? ''];
  if (known !== undefined) return known;
  return error instanceof Error ? error.message : String(error);
}
