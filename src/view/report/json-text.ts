/**
 * Characters that RFC 8259 allows in a string and a terminal may interpret or hide: DEL, C1 controls, bidi marks, invisible
 * characters, line separators, lone surrogates.
 */
const unprintable = /[\u007f\p{C}\p{Zl}\p{Zp}]/gu;

/** The value as JSON that is safe to print on a terminal; a parser reads the same value. */
export function jsonText(value: unknown, indent?: number): string {
  const lines = JSON.stringify(value, null, indent).split('\n');
  return lines.map((line) => line.replace(unprintable, escapeAll)).join('\n');
}

function escapeAll(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
