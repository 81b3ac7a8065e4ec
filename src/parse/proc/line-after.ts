/** What follows a word that a line begins with; null if none does. Of hundreds of lines a few are wanted, each second. */
export function lineAfter(text: string, word: string): string | null {
  const at = text.startsWith(word) ? 0 : text.indexOf(`\n${word}`) + 1;
  if (at === 0 && !text.startsWith(word)) return null;
  const end = text.indexOf('\n', at);
  return text.slice(at + word.length, end < 0 ? text.length : end);
}

/** Figures by their names. */
export type Figures = Pick<ReadonlyMap<string, number>, 'get'>;
