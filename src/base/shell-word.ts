/**
 * A word quoted for a shell, for commands that a person copies and runs: anything not plainly harmless is put in single
 * quotes. Names, paths and units come from the node, or from a recording of it.
 */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
