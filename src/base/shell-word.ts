/**
 * A word as a shell takes it, for commands that a person copies and runs: what is not plainly harmless stands in single
 * quotes. Names, paths and units come from the node, or from a recording of one.
 */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
