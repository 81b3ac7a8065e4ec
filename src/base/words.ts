import { formatCount } from './counts.ts';

/** `a`, `a and b`, `a, b and 3 more`: at most that many items. */
export function listOf(words: readonly string[], most = 4): string {
  const hidden = words.length - most + 1;
  const shown = words.length <= most ? words : [...words.slice(0, most - 1), `${formatCount(hidden)} more`];
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `a` or `an`, by how the name of a filesystem is spoken: `an ext4`, `an xfs`, `a btrfs`. */
export function article(word: string): string {
  return /^[aeiou]|^xfs/.test(word) ? 'an' : 'a';
}
